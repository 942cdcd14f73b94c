/** One running server's parts, built once, in order, and closed in reverse. */

import type { Pool } from "@/db/client";
import { AuditTrail } from "@/lib/audit/trail";
import { ApiKeys } from "@/lib/auth/api-keys";
import { type MadeUp, setUpAtFirstStart } from "@/lib/auth/first-start";
import type { People } from "@/lib/auth/people";
import type { Clock } from "@/lib/clock";
import type { Config } from "@/lib/config";
import { createServices, type Services, type ServicesOptions } from "@/lib/engine/services";
import { DatabaseGauges } from "@/lib/http/gauges";
import { type Metrics, openMetrics } from "@/lib/http/metrics";
import { type Readiness, ReadinessCheck } from "@/lib/http/readiness";
import { RecentAnswers } from "@/lib/http/recent-answers";
import { RequestRates } from "@/lib/http/request-rates";
import type { Log } from "@/lib/log";
import { type Mailer, openMailer } from "@/lib/mail/mailer";
import { openTraces } from "@/lib/tracing/open-traces";
import type { Traces } from "@/lib/tracing/traces";

export interface Instance {
  config: Config;
  log: Log;
  clock: Clock;
  /** For routes and pages; flushes and parked polls have connections of their own. */
  reads: Pool;
  services: Services;
  keys: ApiKeys;
  people: People;
  audit: AuditTrail;
  mailer: Mailer;
  rates: RequestRates;
  recent: RecentAnswers;
  metrics: Metrics;
  /** Null where none are written. */
  traces: Traces | null;
  readiness(): Promise<Readiness>;
  /** Not ready any more, for good; what is asked is still answered. */
  leave(): void;
  /** Writes what is still to be written, lets what was submitted commit, and leaves. */
  close(): Promise<void>;
}

/** The database must be migrated. `madeUp` is to be shown once. */
export async function openInstance(
  config: Config,
  log: Log,
  options: Pick<ServicesOptions, "faults"> = {},
): Promise<{ instance: Instance; madeUp: MadeUp }> {
  const metrics = openMetrics();
  const traces = await openTraces(config.otlpUrl, log);
  const mailer = openMailer(config.mail, log);
  const services = await createServices(config, {
    ...options,
    log,
    metrics: metrics.engine,
    traces,
    mail: (to, letter) => mailer.send(to, letter),
  });
  try {
    const readiness = await ReadinessCheck.open(services, config.engine);
    const { db, clock } = services;
    const nextKey = () => services.keys.next();
    const audit = new AuditTrail({ db, clock, log, nextKey });
    const { people, madeUp } = await setUpAtFirstStart({ db, config, log, clock, audit, mailer }, nextKey);
    const instance: Instance = {
      config,
      log,
      clock: services.clock,
      reads: services.db,
      services,
      keys: new ApiKeys(services.db, services.clock),
      people,
      audit,
      mailer,
      rates: new RequestRates(services.clock, () => services.liveness.processes),
      recent: new RecentAnswers(services.clock),
      metrics,
      traces,
      readiness: () => readiness.check(),
      leave: () => readiness.leave(),
      async close() {
        await mailer.close();
        await audit.close();
        await services.close();
        await traces?.close();
      },
    };
    watchProcess(instance);
    return { instance, madeUp };
  } catch (error) {
    await services.close();
    throw error;
  }
}

function watchProcess({ metrics, services, audit, keys, readiness, log }: Instance): void {
  const { db, clock, httpSteps, waiters } = services;
  const gauges = new DatabaseGauges({ db, clock, log });
  metrics.watchDatabase(() => gauges.read());
  metrics.watch("cerebelum_ready", "1 while this process can serve, else 0", async () =>
    (await readiness()).ready ? 1 : 0,
  );
  metrics.watch("cerebelum_polls_parked", "Polls that wait for a task", () => waiters.parked);
  metrics.watch("cerebelum_audit_waiting", "Entries of the audit log that wait to be written", () => audit.waiting);
  metrics.watchTotal("cerebelum_key_checks_total", "API keys that were checked", () => keys.checks.all);
  metrics.watchTotal(
    "cerebelum_key_checks_remembered_total",
    "API keys that were known from a check a moment ago",
    () => keys.checks.remembered,
  );
  metrics.watch("cerebelum_reads_waiting", "Reads that wait for a connection", () => db.waitingCount);
  metrics.watch("cerebelum_reads_connections", "Connections of the reading pool", () => db.totalCount);
  metrics.watch("cerebelum_http_calls", "Calls of http steps under way", () => httpSteps.running);
}
