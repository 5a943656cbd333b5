import type { Socket } from 'node:net';
import { createServer } from 'node:net';

/** A mail that arrived: its envelope, and the message with its dots taken out. */
export type ArrivedMail = { readonly from: string; readonly to: readonly string[]; readonly message: string };

/** What a test lets the server do instead of taking the mail. */
export type SmtpScript = {
  /** Its answer to a command (`EHLO`, `AUTH`, `MAIL`, `RCPT`, `DATA`) or to the `BODY`; `hangUp` closes, `silence` waits. */
  readonly [command: string]: string | 'hangUp' | 'silence';
};

/** A mail server on this machine that speaks plain SMTP over a real socket and keeps what it takes. */
export type SmtpServer = {
  readonly port: number;
  readonly arrived: ArrivedMail[];
  /** Every line a client sent outside of messages. */
  readonly commands: string[];
  script: SmtpScript;
  close(): Promise<void>;
};

const usual: SmtpScript = {
  EHLO: '250-mail.test\r\n250-AUTH PLAIN\r\n250 SIZE 10000000',
  HELO: '250 mail.test',
  AUTH: '235 2.7.0 welcome',
  MAIL: '250 2.1.0 fine',
  RCPT: '250 2.1.5 fine',
  DATA: '354 go on',
  BODY: '250 2.0.0 taken as 4F2A',
  QUIT: '221 bye',
  RSET: '250 fine',
};

/** Listens on every loopback address, at a port of its own. */
export async function openSmtpServer(): Promise<SmtpServer> {
  const sockets = new Set<Socket>();
  const server: SmtpServer = {
    port: 0,
    arrived: [],
    commands: [],
    script: {},
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
  const listener = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    serve(server, socket);
  });
  await new Promise<void>((resolve) => listener.listen(0, '0.0.0.0', resolve));
  const address = listener.address();
  return Object.assign(server, { port: typeof address === 'object' ? (address?.port ?? 0) : 0 });
}

function serve(server: SmtpServer, socket: Socket): void {
  let waiting = '';
  let isBody = false;
  let [from, to]: [string, string[]] = ['', []];
  const say = (command: string): boolean => {
    const answer = server.script[command] ?? usual[command] ?? '502 5.5.1 not known';
    if (answer === 'hangUp') socket.destroy();
    else if (answer !== 'silence') socket.write(`${answer}\r\n`);
    return /^[23]/.test(answer);
  };
  socket.write('220 mail.test\r\n');
  socket.on('data', (bytes) => {
    waiting += bytes.toString('latin1');
    for (;;) {
      const end = isBody ? waiting.indexOf('\r\n.\r\n') : waiting.indexOf('\r\n');
      if (end === -1) return;
      const text = waiting.slice(0, end);
      waiting = waiting.slice(end + (isBody ? 5 : 2));
      if (isBody) {
        isBody = false;
        const mail = { from, to, message: text.replace(/^\.\./gm, '.') };
        if (say('BODY')) server.arrived.push(mail);
        continue;
      }
      server.commands.push(text);
      const command = text.split(/[ :]/)[0]?.toUpperCase() ?? '';
      if (command === 'MAIL') [from, to] = [text.slice(10), []];
      if (command === 'RCPT') to = [...to, text.slice(8)];
      isBody = say(command) && command === 'DATA';
    }
  });
}
