// SNS, SQS and S3 on one port of 127.0.0.1. The package's own start listens on every address and
// hands out queue URLs below sqs.<region>.localhost, a name that not every machine can look up;
// so we build its app ourselves, listen on the loopback address only and let queue URLs follow
// the address they were asked through.
import { buildApp } from "fauxqs";
import { S3Store } from "./node_modules/fauxqs/dist/s3/s3Store.js";
import { SnsStore } from "./node_modules/fauxqs/dist/sns/snsStore.js";
import { SqsStore } from "./node_modules/fauxqs/dist/sqs/sqsStore.js";
import { applyInitConfig, validateInitConfig } from "./node_modules/fauxqs/dist/initConfig.js";

const host = "127.0.0.1";
const region = process.env.AWS_REGION ?? "us-east-1";
const stores = { sqsStore: new SqsStore(), snsStore: new SnsStore(), s3Store: new S3Store() };
stores.sqsStore.host = undefined;

const app = buildApp({ logger: false, defaultRegion: region, stores });

// What exists is described once, in Java (Topology), and arrives here; asking twice changes nothing.
app.post("/_microflow/topology", async (request) => {
  const { port } = app.server.address();
  const topology = validateInitConfig(JSON.parse(request.body));
  return applyInitConfig(topology, stores.sqsStore, stores.snsStore, stores.s3Store, { port, region });
});

const stop = async () => {
  await app.close();
  process.exit(0);
};
process.on("SIGTERM", stop);
process.on("SIGINT", stop);

// Standard input is a pipe from whoever started us: its end means that they are gone, even by
// kill -9, and nobody is left to stop us.
process.stdin.on("end", stop).on("error", stop).resume();

await app.listen({ host, port: Number(process.env.PORT ?? 0) });
console.log(`listening on http://${host}:${app.server.address().port}`);
