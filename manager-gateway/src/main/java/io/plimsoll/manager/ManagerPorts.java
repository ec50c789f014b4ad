package io.plimsoll.manager;

import io.plimsoll.core.pipeline.CommandHandler;
import io.plimsoll.core.pipeline.RecordJournal;
import io.plimsoll.manager.callback.CallbackPorts;
import io.plimsoll.manager.link.AgentAuthority;
import io.plimsoll.manager.view.RecordSource;
import io.plimsoll.transport.link.LinkEndpoint;
import io.plimsoll.transport.uplink.UplinkReceiver;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/**
 * The outside of a manager's stages: sockets and files in production, memory in tests and in the fault simulator.
 *
 * @param clusterId from the journal.
 * @param core      restored.
 * @param journal   open for writing behind what was restored.
 * @param records   reads what the journal holds.
 * @param spaceKept whether the journal's space reserve holds; any thread.
 * @param endpoint  server side of the agents' links.
 * @param uplink    what agents report on.
 * @param authority who may connect.
 * @param callbacks to those who are told of sessions.
 */
public record ManagerPorts(
    UUID clusterId,
    CommandHandler core,
    RecordJournal journal,
    RecordSource records,
    BooleanSupplier spaceKept,
    LinkEndpoint endpoint,
    UplinkReceiver uplink,
    AgentAuthority authority,
    CallbackPorts callbacks)
{
    /** Those of one that tells nobody of anything. */
    public ManagerPorts(
        final UUID clusterId,
        final CommandHandler core,
        final RecordJournal journal,
        final RecordSource records,
        final BooleanSupplier spaceKept,
        final LinkEndpoint endpoint,
        final UplinkReceiver uplink,
        final AgentAuthority authority)
    {
        this(clusterId, core, journal, records, spaceKept, endpoint, uplink, authority, CallbackPorts.NONE);
    }
}
