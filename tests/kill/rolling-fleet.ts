// Two web and two engine processes on one database behind one address, under load.
import { Balancer } from "./balancer";
import { RollingLoad } from "./rolling-load";
import { API_KEY, ServerProcess } from "./server-process";

export interface FleetSettings {
  databaseUrl: string;
  /** What all of them begin as. */
  script: string;
  /** How many clients at once; each keeps two executions open. */
  lanes: number;
}

type Pair = readonly [ServerProcess, ServerProcess];

export class RollingFleet {
  private constructor(
    /** They run no timers and no sweeps. */
    readonly web: Pair,
    readonly engine: Pair,
    readonly balancer: Balancer,
    readonly load: RollingLoad,
  ) {}

  /** The load runs once this resolves. */
  static async start({ databaseUrl, script, lanes }: FleetSettings): Promise<RollingFleet> {
    const start = (engine: "embedded" | "off") => ServerProcess.start({ script, databaseUrl, engine });
    // The first one sets the database up; then all at once.
    const first = await start("embedded");
    const [second, ...web] = await Promise.all([start("embedded"), start("off"), start("off")]);
    const balancer = await Balancer.over([first, second, ...web].map(({ port }) => port));
    const load = new RollingLoad({ url: balancer.url, apiKey: API_KEY }, lanes);
    await load.start();
    return new RollingFleet(web, [first, second], balancer, load);
  }

  async stop(): Promise<void> {
    await this.load.stop();
    await this.balancer.close();
    await Promise.all([...this.web, ...this.engine].map((server) => server.stop()));
  }

  /** In one line, for the person before the terminal. */
  report(): string {
    const { requests, changes, repeated, badGateways, cut, troubled } = this.balancer.traffic;
    const said = [...troubled].map(([status, count]) => `${count} × ${status}`).join(", ") || "none";
    return (
      `${this.load.done} executions held to their model, ${this.load.errors.length} errors seen by callers; ` +
      `${requests} requests, of these ${changes} changes and ${repeated} repetitions of them; ` +
      `${badGateways} met a server that was gone, ${cut} answers broke off, answers of 500 and above: ${said}`
    );
  }
}
