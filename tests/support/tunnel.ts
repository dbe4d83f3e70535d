import type { BrowserContext, WebSocketRoute } from 'playwright-core';

/** Every WebSocket of a browser profile goes through here, so that a test can cut it. */
export class Tunnel {
  private readonly open = new Set<WebSocketRoute>();
  private isDark = false;
  /** Connections made so far. */
  connections = 0;
  private stalled = 0;
  private heldBack: (() => void)[] = [];

  static async under(context: BrowserContext): Promise<Tunnel> {
    const tunnel = new Tunnel();
    await context.routeWebSocket(/socket\.io/, (page) => tunnel.pass(page));
    return tunnel;
  }

  /** The line breaks in the middle of whatever was on it. */
  async cut(): Promise<void> {
    const routes = [...this.open];
    this.open.clear();
    await Promise.all(routes.map((route) => route.close({ code: 1001 }).catch(() => {})));
  }

  /** The train is in the tunnel: no line, and no new one. */
  async enter(): Promise<void> {
    this.isDark = true;
    await this.cut();
  }

  leave(): void {
    this.isDark = false;
  }

  /** What the server says on the connection of that number arrives only when `goOn` is called. */
  stall(connection: number): void {
    this.stalled = connection;
  }

  goOn(): void {
    this.stalled = 0;
    for (const pass of this.heldBack.splice(0)) pass();
  }

  private pass(page: WebSocketRoute): void {
    if (this.isDark) return void page.close({ code: 1001 });
    const number = (this.connections += 1);
    const server = page.connectToServer();
    this.open.add(page).add(server);
    page.onMessage((message) => server.send(message));
    server.onMessage((message) => {
      if (number === this.stalled) this.heldBack.push(() => page.send(message));
      else page.send(message);
    });
    const closeBoth = () => {
      this.open.delete(page);
      this.open.delete(server);
      void page.close({ code: 1001 }).catch(() => {});
      void server.close({ code: 1001 }).catch(() => {});
    };
    page.onClose(closeBoth);
    server.onClose(closeBoth);
  }
}
