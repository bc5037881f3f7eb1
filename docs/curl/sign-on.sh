#!/bin/sh
# Signs a person of the sandbox on (npm start): password, a code by SMS, and the tokens. It needs sh, curl and node.
# Elsewhere: API and PINGONE name the API and PingOne's environment, CLIENT_ID the application.
set -eu

API=${API:-http://127.0.0.1:8080}
PINGONE=${PINGONE:-http://127.0.0.1:9031/c2f0b6de-7a43-4f4e-9d55-2f6f5d0a9e10}
SIMULATOR=${SIMULATOR:-http://127.0.0.1:9031/_simulator}
CLIENT_ID=${CLIENT_ID:-5a7c2f10-3d1e-4b8a-9c66-0e1d2a3b4c01}
USERNAME=${USERNAME:-sam@example.com}
PASSWORD=${PASSWORD:-Sunny-Harbour-42}

# The part of a JSON text: value .flowToken "$REPLY"
value() {
  node -e 'const [text, ...path] = process.argv.slice(1).reverse();
    let at = JSON.parse(text);
    for (const name of path[0].split(".").slice(1)) at = Array.isArray(at) ? at.at(name) : at[name];
    console.log(at ?? "");' "$1" "$2"
}

# A member of a JSON text: text username "$USERNAME"
text() {
  node -e 'console.log(JSON.stringify(process.argv[1]) + ":" + JSON.stringify(process.argv[2]))' "$1" "$2"
}

# Takes a step, and keeps the newest flow token: step otp '{"otp":"…"}'
step() {
  REPLY=$(curl -sS "$API/flows/$FLOW/$1" -H "Authorization: Bearer $TOKEN" \
    -H 'Content-Type: application/json' -d "$2")
  TOKEN=$(value .flowToken "$REPLY")
  echo "$1: $(value .status "$REPLY")$(value .error "$REPLY")"
}

VERIFIER=$(node -e 'console.log(require("crypto").randomBytes(32).toString("base64url"))')
CHALLENGE=$(node -e 'console.log(require("crypto").createHash("sha256").update(process.argv[1]).digest("base64url"))' \
  "$VERIFIER")

REPLY=$(curl -sS "$API/flows" -H 'Content-Type: application/json' \
  -d "{$(text codeChallenge "$CHALLENGE"),$(text policy Multi_Factor)}")
FLOW=$(value .flowId "$REPLY")
TOKEN=$(value .flowToken "$REPLY")
echo "start: $(value .status "$REPLY")"

step password "{$(text username "$USERNAME"),$(text password "$PASSWORD")}"
OTP=${OTP:-$(value .-1.code "$(curl -sS "$SIMULATOR/inbox?username=$USERNAME")")}
step otp "{$(text otp "$OTP")}"
step resume '{}'

TOKENS=$(curl -sS "$PINGONE/as/token" -d grant_type=authorization_code -d "client_id=$CLIENT_ID" \
  --data-urlencode "redirect_uri=$(value .redirectUri "$REPLY")" \
  --data-urlencode "code=$(value .code "$REPLY")" -d "code_verifier=$VERIFIER")
echo "token: $(value .token_type "$TOKENS")"
node -e 'console.log(Buffer.from(process.argv[1].split(".")[1], "base64url").toString())' "$(value .id_token "$TOKENS")"
