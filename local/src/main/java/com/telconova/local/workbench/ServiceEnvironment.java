package com.telconova.local.workbench;

import com.telconova.local.mail.MailServer;
import com.telconova.local.mail.MessageFile;
import com.telconova.shared.config.Secret;
import com.telconova.shared.database.DatabaseConfig;
import com.telconova.shared.testing.Emulator;
import com.telconova.shared.testing.PostgresServer;
import com.telconova.shared.testing.Topology;
import java.net.URI;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/// Every setting that the processes get on this machine: environment variables, as on ECS. The
/// secrets are new in each run.
public final class ServiceEnvironment {

  /// The first administrator's address; the password is [#adminPassword].
  public static final String ADMIN_EMAIL = "admin@telconova.example";

  private static final String DATABASE = "microflow";
  private static final String READER = "reader";

  private final SecureRandom random = new SecureRandom();
  private final Map<String, String> databasePasswords =
      Map.of(
          "auth", secret(16), "workorder", secret(16), "tracking", secret(16), READER, secret(16));
  private final String masterKey = Base64.getEncoder().encodeToString(bytes(32));
  private final String adminPassword = secret(8);

  private final Ports ports;
  private final PostgresServer postgres;
  private final String databaseUrl;
  private final URI inside;

  /// Makes the secrets and the empty database.
  ///
  /// @param inside where the services find each other when there are several of each
  ServiceEnvironment(Ports ports, PostgresServer postgres, URI inside) {
    this.inside = inside;
    this.ports = ports;
    this.postgres = postgres;
    this.databaseUrl = postgres.createDatabase(DATABASE);
  }

  /// What the one-shot migration process gets: the owner's credentials, and the passwords to give
  /// to the roles it makes.
  Map<String, String> migrations() {
    return Map.of(
        "DATABASE_URL", databaseUrl,
        "DATABASE_USER", postgres.adminUser(),
        "DATABASE_PASSWORD", postgres.adminPassword(),
        "AUTH_DATABASE_PASSWORD", databasePasswords.get("auth"),
        "WORKORDER_DATABASE_PASSWORD", databasePasswords.get("workorder"),
        "TRACKING_DATABASE_PASSWORD", databasePasswords.get("tracking"),
        "READER_DATABASE_PASSWORD", databasePasswords.get(READER));
  }

  /// What an instance of a service gets.
  ///
  /// @param instance from 1
  Map<String, String> of(
      String service,
      int instance,
      Emulator emulator,
      Topology topology,
      MailServer mail,
      MessageFile messages) {
    var settings = new HashMap<String, String>();
    settings.put("HTTP_PORT", Integer.toString(ports.api(service, instance)));
    settings.put("ADMIN_PORT", Integer.toString(ports.admin(service, instance)));
    settings.put("BIND_ADDRESS", "127.0.0.1");
    settings.put("TRUSTED_PROXIES", "127.0.0.1");
    settings.put("CORS_ALLOWED_ORIGIN", "*");
    // With somebody to take over, it serves until the gateway has noticed that it stops.
    settings.put("STOP_LINGER_SECONDS", ports.instances() == 1 ? "0" : "2");
    settings.put("DATABASE_URL", databaseUrl);
    settings.put("DATABASE_USER", service);
    settings.put("DATABASE_PASSWORD", databasePasswords.get(service));
    settings.put("AWS_REGION", "us-east-1");
    settings.put("AWS_ENDPOINT_URL", emulator.endpoint().toString());
    settings.put("AWS_ACCESS_KEY_ID", "test");
    settings.put("AWS_SECRET_ACCESS_KEY", "test");
    settings.put("TOPIC_ARN", topology.topicArn(service));
    settings.put("QUEUE_URL", topology.queueUrl(emulator.endpoint(), service).toString());
    // A stopping consumer waits for its poll to end.
    settings.put("QUEUE_WAIT_SECONDS", "2");
    System.getenv()
        .forEach((setting, value) -> {
          if (isHandedOn(setting)) {
            settings.put(setting, value);
          }
        });
    settings.put("TOKEN_ISSUER", "http://127.0.0.1:" + ports.gateway());
    switch (service) {
      case "auth" -> {
        settings.put("AUTH_MASTER_KEY", masterKey);
        settings.put("TRACKING_URL", peer("tracking"));
        settings.put("ADMIN_EMAIL", ADMIN_EMAIL);
        settings.put("ADMIN_PASSWORD", adminPassword);
      }
      case "workorder" -> {
        settings.put("JWKS_URL", peer("auth") + "/.well-known/jwks.json");
        settings.put("AUTH_URL", peer("auth"));
        settings.put("TRACKING_URL", peer("tracking"));
      }
      case "tracking" -> {
        settings.put("JWKS_URL", peer("auth") + "/.well-known/jwks.json");
        settings.put("WORKORDER_URL", peer("workorder"));
        settings.put("SMTP_URL", mail.smtp().toString());
        settings.put("MAIL_FROM", "MicroFlow <no-reply@telconova.example>");
        settings.put("PUBLIC_URL", "http://127.0.0.1:" + ports.gateway());
        settings.put("NOTIFICATION_FILE", messages.path().toString());
        settings.put("EVIDENCE_STORE", "s3");
        settings.put("EVIDENCE_BUCKET", topology.bucket());
      }
      default -> throw new IllegalArgumentException(service);
    }
    return settings;
  }

  /// The first administrator's password.
  public String adminPassword() {
    return adminPassword;
  }

  /// A JDBC URL, credentials included, of the role that reads all schemas and writes none.
  public String readerUrl() {
    return databaseUrl + "?user=" + READER + "&password=" + databasePasswords.get(READER);
  }

  /// A JDBC URL, credentials included, of the owner of all tables: for `seed`.
  public String ownerUrl() {
    return postgres.adminUrl(DATABASE);
  }

  /// How a service reaches its database.
  public DatabaseConfig database(String service) {
    return new DatabaseConfig(
        databaseUrl, service, new Secret(databasePasswords.get(service)), 2, 1);
  }

  /// A password for an account, new each time.
  public String newPassword() {
    return secret(8);
  }

  // The only instance directly; of several the gateway finds one that is ready, as a load balancer
  // inside the network does on AWS.
  private String peer(String service) {
    return ports.instances() == 1 ? ports.apiUrl(service, 1).toString() : inside.toString();
  }

  /// Handed on to the services when the workbench has it: how much they log, and all that says
  /// where traces go. One name for all three would tell nobody which.
  private static boolean isHandedOn(String setting) {
    return setting.equals("LOG_LEVEL")
        || (setting.startsWith("OTEL_") && !setting.equals("OTEL_SERVICE_NAME"));
  }

  private String secret(int length) {
    return HexFormat.of().formatHex(bytes(length));
  }

  private byte[] bytes(int length) {
    var bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
