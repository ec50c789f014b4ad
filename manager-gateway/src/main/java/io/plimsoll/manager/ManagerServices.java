package io.plimsoll.manager;

import io.plimsoll.manager.control.ClusterControl;
import io.plimsoll.manager.control.Configuration;
import io.plimsoll.manager.control.Explanations;
import io.plimsoll.manager.history.History;
import io.plimsoll.manager.identity.Identities;
import io.plimsoll.manager.link.HostDocuments;
import io.plimsoll.manager.trace.Tracing;
import io.plimsoll.manager.usage.UsageView;
import io.plimsoll.manager.view.EventFeed;
import io.plimsoll.manager.view.LiveView;
import io.plimsoll.manager.view.LogSource;
import io.plimsoll.manager.view.TerminalSource;
import java.util.function.Supplier;

/**
 * All that a front end needs of the manager; every part is safe for any thread.
 *
 * @param control   submits, cancels, drains.
 * @param configuration changes groups and accounts.
 * @param explanations why a session is where it is.
 * @param view      what has been journalled and released.
 * @param events    released events, resumable.
 * @param logs      output of kernels.
 * @param terminals commands beside kernels.
 * @param usage     of hosts and kernels.
 * @param hosts     as their agents describe them.
 * @param tokens    who may call.
 * @param identities domains, projects, users and keypairs.
 * @param history   what was, beyond what the view keeps.
 * @param failovers held fail-overs.
 * @param health    state of the parts at the time of the call; cheap.
 * @param counters  of all parts; a front end registers its own gauges here.
 * @param facts     of sessions, beside their history.
 * @param tracing   of requests.
 * @param info      cluster, term, addresses; the term changes when a lost tail is accepted.
 */
public record ManagerServices(
    ClusterControl control,
    Configuration configuration,
    Explanations explanations,
    LiveView view,
    EventFeed events,
    LogSource logs,
    TerminalSource terminals,
    UsageView usage,
    HostDocuments hosts,
    TokenCheck tokens,
    Identities identities,
    History history,
    FailoverControl failovers,
    Supplier<Health> health,
    Counters counters,
    SessionFacts facts,
    Tracing tracing,
    Supplier<ClusterInfo> info)
{
}
