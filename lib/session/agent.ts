const browsers: readonly (readonly [RegExp, string])[] = [
  [/\bEdg(?:e|A|iOS)?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(?:UCBrowser|UCWEB)\b/, 'UC Browser'],
  [/\bFirefox\/|\bFxiOS\//, 'Firefox'],
  [/\b(?:Chrome|CriOS|HeadlessChrome)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
];

const systems: readonly (readonly [RegExp, string])[] = [
  [/\bAndroid\b/, 'Android'],
  [/\b(?:iPhone|iPad|iPod)\b/, 'iOS'],
  [/\bWindows\b/, 'Windows'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bLinux\b/, 'Linux'],
];

/** Browser and system in words from a User-Agent ("Chrome|Android"), for the ledger and never a gate. Either may be empty. */
export function nameAgent(userAgent: string | null): string {
  const text = (userAgent ?? '').slice(0, 500);
  const browser = browsers.find(([pattern]) => pattern.test(text))?.[1] ?? '';
  const system = systems.find(([pattern]) => pattern.test(text))?.[1] ?? '';
  return `${browser}|${system}`;
}

/** Is this the browser built into another app, which will not be there tomorrow? */
export function isInAppBrowser(userAgent: string | null): boolean {
  return /\b(?:FBAN|FBAV|Instagram|Line\/|MicroMessenger|Twitter|TikTok|musical_ly|BytedanceWebview|WhatsApp|Snapchat|Pinterest)\b|; wv\)/.test(
    userAgent ?? '',
  );
}
