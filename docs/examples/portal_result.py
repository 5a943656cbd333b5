import base64, datetime, hashlib, hmac, json

def read_portal_result(value, secret, portal_session_id, now=None):
    """The result in ?portal_result=, or None: not ours, of another session, or older than 10 minutes. A hint, no permission."""
    payload, _, mac = (value or "").partition(".")
    wanted = hmac.new(secret.encode(), payload.encode(), hashlib.sha256).digest()
    if not hmac.compare_digest(base64.urlsafe_b64encode(wanted).rstrip(b"=").decode(), mac):
        return None
    result = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    age = (now or datetime.datetime.now(datetime.timezone.utc)) - datetime.datetime.fromisoformat(result["at"].replace("Z", "+00:00"))
    return result if result["ses"] == portal_session_id and abs(age.total_seconds()) <= 600 else None
