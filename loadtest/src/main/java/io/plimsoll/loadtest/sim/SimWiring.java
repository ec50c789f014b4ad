package io.plimsoll.loadtest.sim;

import io.plimsoll.agent.AgentPorts;
import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.pipeline.CommandHandler;
import io.plimsoll.core.pipeline.RecordJournal;
import io.plimsoll.journal.ByteFiles;
import io.plimsoll.manager.control.SubmitRequest;
import io.plimsoll.transport.link.LinkEndpoint;
import io.plimsoll.transport.uplink.UplinkReceiver;

/**
 * Everything that stands between the parts of a simulation, so that tests can put something broken there and see
 * whether it is found. As it is, it changes nothing.
 */
class SimWiring
{
    /** The file system of the manager, as its journal sees it. */
    ByteFiles files(final ByteFiles files)
    {
        return files;
    }

    /** The journal as the pipeline sees it. */
    RecordJournal journal(final RecordJournal journal)
    {
        return journal;
    }

    /** The core as the pipeline sees it. */
    CommandHandler core(final CommandHandler core)
    {
        return core;
    }

    /** Whether a record of the journal is applied at a start. */
    boolean isRestored(final RecordFlyweight record)
    {
        return true;
    }

    /** The links as the manager sees them. */
    LinkEndpoint links(final LinkEndpoint links)
    {
        return links;
    }

    /** What agents report on, as the manager sees it. */
    UplinkReceiver uplink(final UplinkReceiver uplink)
    {
        return uplink;
    }

    /** The world as an agent sees it. */
    AgentPorts agent(final int host, final AgentPorts ports)
    {
        return ports;
    }

    /** What somebody submits, as the manager sees it. */
    SubmitRequest request(final SubmitRequest request)
    {
        return request;
    }

    /** Makes changes to what is not handed in. */
    void prepare(final SimUplink uplink, final HostKernels kernels)
    {
        // Nothing is broken.
    }
}
