// Comfort only; every page works without this file. It closes what a signed-out browser must not see again, warns two
// minutes before a session closes, and keeps a form from being sent twice by an impatient finger.
(() => {
  const root = document.documentElement;
  addEventListener('pageshow', (event) => {
    if (event.persisted && root.dataset.closes) location.reload();
  });
  for (const form of document.forms) {
    form.addEventListener('submit', () => {
      form.setAttribute('aria-busy', 'true');
      setTimeout(() => {
        for (const button of form.querySelectorAll('button')) button.disabled = true;
      });
    });
  }
  addEventListener('pagehide', () => {
    for (const button of document.querySelectorAll('form[aria-busy] button')) button.disabled = false;
    for (const form of document.querySelectorAll('form[aria-busy]')) form.removeAttribute('aria-busy');
  });
  document.querySelector('#result,#problems')?.focus();
  const warning = document.querySelector('dialog#closing');
  if (!warning || !root.dataset.closes) return;
  // Seconds are counted from the server's time, so a wrong clock in the device changes nothing.
  const left = (Number(root.dataset.closes) - Number(root.dataset.now)) * 1000;
  setTimeout(() => warning.showModal(), Math.max(0, left - 120000));
  setTimeout(() => location.reload(), left + 1000);
})();
