import hashlib, hmac, json, re, time


def verify_webhook(raw_body: bytes, header: str | None, secret: str, now: float | None = None) -> dict | None:
    """The event of a webhook, or None when it was not sent by the portal.

    Give it the body as it came (request.get_data()), the header X-Plugipay-Signature and the endpoint's secret,
    "whsec_" included.
    """
    match = re.fullmatch(r"t=([0-9]{1,12}),v1=([0-9a-f]{64})", header or "")
    if match is None or abs((time.time() if now is None else now) - int(match[1])) > 300:
        return None
    expected = hmac.new(secret.encode(), match[1].encode() + b"." + raw_body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected, match[2]):
        return None
    # The same event may come more than once: remember its id, and answer 2xx within ten seconds.
    return json.loads(raw_body)
