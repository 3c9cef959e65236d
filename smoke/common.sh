# What every step begins with. It finds the running system by .microflow/run.json, which
# `./microflow up` writes, or another such file that MICROFLOW_RUN_JSON names, and offers the few words
# that the steps are written in:
#
#   expect STATUS curl URL …      asks; any other status ends the step, with one line and exit code 1
#   field PATH                    a field of the last answer, such as id, sla.state or items.0.type
#   is PATH VALUE                 … must have this value
#   eventually PATH VALUE curl …  asks again for 20 s: it takes an event some moments to arrive
#   keep NAME PATH, kept NAME     hands a field of the last answer to the steps after this one
#   token WHO                     the access token that 01-login.sh kept
#   say WHAT                      the step's one line
#
# Bash 3.2 and curl do; Node.js, which the emulator needs anyway, reads the JSON.
set -eu
umask 077
step=$(basename "$0" .sh)
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
run_json=${MICROFLOW_RUN_JSON:-$root/.microflow/run.json}
memory="${run_json%.json}/smoke" # of an up, it goes when the run ends
answer="$memory/answer"
json='Content-Type: application/json'

fail() {
  echo "$step: $*" >&2
  exit 1
}

# read_json FILE PATH
read_json() {
  node -e '
    let value = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8"));
    for (const name of process.argv[2].split(".")) value = value?.[name];
    if (value == null) process.exit(1);
    console.log(String(value));' "$1" "$2" 2>/dev/null
}

setting() {
  read_json "$run_json" "$1" || fail "run.json has no $1; is it from this version's ./microflow up?"
}

expect() {
  local wanted=$1 url=$3 status
  shift
  status=$("$@" ${api_key:+--header "x-api-key: $api_key"} --silent --noproxy '*' --max-time 15 --output "$answer" --write-out '%{http_code}') ||
    fail "$url does not answer; is ./microflow up still running?"
  [ "$status" = "$wanted" ] || fail "$url answered $status instead of $wanted: $(problem)"
}

# What a problem (RFC 9457) says, else how the answer begins.
problem() {
  read_json "$answer" detail || head -c 200 "$answer" | tr '\n' ' '
}

field() {
  read_json "$answer" "$1" || fail "the answer has no $1: $(problem)"
}

is() {
  local value
  value=$(field "$1")
  [ "$value" = "$2" ] || fail "$1 is $value instead of $2"
}

eventually() {
  local path=$1 wanted=$2 tries=0 value
  shift 2
  while :; do
    expect 200 "$@"
    value=$(read_json "$answer" "$path" || true)
    [ "$value" != "$wanted" ] || return 0
    tries=$((tries + 1))
    [ $tries -lt 80 ] || fail "$path is still ${value:-missing} instead of $wanted after 20 s"
    sleep 0.2
  done
}

keep() {
  local value
  value=$(field "$2")
  echo "$value" >"$memory/$1"
}

kept() {
  cat "$memory/$1" 2>/dev/null || fail "there is no $1 yet; run the steps before this one first"
}

token() {
  cat "$memory/token-$1" 2>/dev/null || fail "nobody has logged in; run smoke/01-login.sh first"
}

say() {
  printf '%-16s %s\n' "$step" "$*"
}

[ -f "$run_json" ] || fail "nothing is running here; start it with ./microflow up"
command -v node >/dev/null || fail "Node.js is missing: install it, so that node is on PATH"
mkdir -p "$memory"
gateway=$(setting gateway)
# Of a gateway that asks for keys.
api_key=${MICROFLOW_API_KEY:-$(read_json "$run_json" apiKey || true)}
