#!/usr/bin/env bash
# Somebody puts a second factor on their account: the secret goes into an authenticator (here it is a
# few lines of Node.js, RFC 6238), and from then on a password alone does not get in.
. "$(dirname "$0")/common.sh"
email="smoke-$(date +%s)-$$-2@telconova.example"
password="first $RANDOM words $RANDOM"

# The code of this half minute.
code_of() {
  node -e '
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    const bits = [...process.argv[1]].map(c => alphabet.indexOf(c).toString(2).padStart(5, "0"));
    const key = Buffer.from(bits.join("").match(/.{8}/g).map(byte => parseInt(byte, 2)));
    const step = Buffer.alloc(8);
    step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000)));
    const hash = require("crypto").createHmac("sha1", key).update(step).digest();
    const number = hash.readUInt32BE(hash[19] & 15) & 0x7fffffff;
    console.log(String(number % 1e6).padStart(6, "0"));' "$1"
}

expect 201 curl "$gateway/auth/register" -H "$json" \
  -d "{\"email\": \"$email\", \"password\": \"$password\", \"name\": \"Dora Llave\"}"
expect 200 curl "$gateway/auth/login" -H "$json" \
  -d "{\"email\": \"$email\", \"password\": \"$password\"}"
bearer="Authorization: Bearer $(field accessToken)"

expect 200 curl "$gateway/auth/totp" -H "$bearer" -H "$json" -d "{\"currentPassword\": \"$password\"}"
secret=$(field secret)
expect 200 curl "$gateway/auth/totp/confirm" -H "$bearer" -H "$json" \
  -d "{\"code\": \"$(code_of "$secret")\"}"
recovery=$(field recoveryCodes.0)

expect 401 curl "$gateway/auth/login" -H "$json" \
  -d "{\"email\": \"$email\", \"password\": \"$password\"}"
is type urn:microflow:problem:totp-required

with_code="{\"email\": \"$email\", \"password\": \"$password\", \"totp\": \"$recovery\"}"
expect 200 curl "$gateway/auth/login" -H "$json" -d "$with_code"
expect 401 curl "$gateway/auth/login" -H "$json" -d "$with_code"

say "a password alone is not enough any more; a recovery code gets in, once"
