import hashlib, hmac, json, os, time, urllib.request, uuid
from flask import Flask, redirect, session

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]
PORTAL, KEY_ID, SECRET = (os.environ[name] for name in ("PLUGIPAY_BASE_URL", "PLUGIPAY_KEY_ID", "PLUGIPAY_SECRET"))

@app.post("/manage-billing")
def manage_billing():
    # Your own sign-in decides whose billing this is; never take the customer's id from the browser.
    wish = {"customerId": session["customer_id"], "returnUrl": "https://shop.example.com/account"}
    body, now, key = json.dumps(wish).encode(), str(int(time.time())), f"idem_{uuid.uuid4()}"
    text = "\n".join(["POST", "/api/v1/portal-sessions", now, hashlib.sha256(body).hexdigest(), key])
    signature = hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).hexdigest()
    request = urllib.request.Request(PORTAL + "/api/v1/portal-sessions", body, {
        "Authorization": f"Plugipay-HMAC-SHA256 keyId={KEY_ID}, scope=*, signature={signature}",
        "X-Plugipay-Timestamp": now, "Idempotency-Key": key, "Content-Type": "application/json"})
    return redirect(json.load(urllib.request.urlopen(request, timeout=10))["data"]["url"], 303)
