package io.plimsoll.agent;

import io.plimsoll.agent.usage.UsageSender;
import io.plimsoll.agent.usage.UsageSubject;
import io.plimsoll.transport.link.AgentPortLookup;
import io.plimsoll.transport.link.LinkConnector;
import io.plimsoll.transport.link.LinkListener;
import io.plimsoll.transport.link.ReconnectBackoff;
import io.plimsoll.transport.sbe.MessageHeaderDecoder;
import io.plimsoll.transport.sbe.RefusalCode;
import io.plimsoll.transport.sbe.RefusedDecoder;
import io.plimsoll.transport.sbe.WelcomeDecoder;
import io.plimsoll.transport.uplink.UplinkGrant;
import io.plimsoll.transport.uplink.UplinkSender;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.Agent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An agent as a duty cycle: its way to the manager and back, what the manager tells it, and everything that is due. It
 * owns no thread, socket or clock; production threads it, tests and the simulator step it. Start reading at
 * {@link #doWork()} and {@link #onFrame}.
 */
public final class AgentProtocol implements Agent, LinkListener
{
    private static final Logger LOG = LoggerFactory.getLogger(AgentProtocol.class);
    private static final int LINK_POLL_LIMIT = 64;
    private static final long RETRY_AFTER_MAX_NS = 60_000_000_000L;
    private static final long SILENCE_MIN_NS = 2_000_000_000L;

    private final AgentOptions options;
    private final AgentPorts ports;
    private final LinkConnector links;
    private final KeptMemory kept;
    private final AgentMemory memory;
    private final ManagerFrames frames;
    private final Lease lease;
    private final KernelKeeper keeper;
    private final LogServer logs;
    private final UsageSender usage;
    private final HostSender host;
    private final TerminalServer terminals;
    private final InventoryWriter inventory = new InventoryWriter();
    private final HelloWriter hello;
    private final ReconnectBackoff backoff;
    private final Listening listening;
    private final boolean isListener;
    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(512);

    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final WelcomeDecoder welcome = new WelcomeDecoder();
    private final RefusedDecoder refused = new RefusedDecoder();

    private volatile Offer offer;
    private volatile AgentStatus status = new AgentStatus(AgentState.DISCONNECTED, 0, "", false);
    private AgentState state = AgentState.DISCONNECTED;
    private AgentMemory.Cluster cluster;
    private UplinkSender uplink;
    private long nowNs;
    private long linkId = LinkConnector.NO_LINK;
    private long agentId;
    private long connection;
    private int managerVersion;
    private long deadlineNs;
    /** By the clock of listening. */
    private long heardNs;
    private long silenceMaxNs;
    private long retryAfterNs;
    private boolean joining;
    private String trouble = "";
    private boolean hopeless;
    private Offer applied;
    private Offer offered;

    /**
     * Restores what an earlier life left; connects at the first step.
     *
     * @param options what it is told.
     * @param ports   the world.
     */
    public AgentProtocol(final AgentOptions options, final AgentPorts ports)
    {
        this(options, ports, null);
    }

    /**
     * The same, where somebody else looks at what comes in for many agents.
     *
     * @param options   what it is told.
     * @param ports     the world.
     * @param listening of whoever looks, before it steps agents; null: the agent looks for itself.
     */
    AgentProtocol(final AgentOptions options, final AgentPorts ports, final Listening listening)
    {
        isListener = null == listening;
        this.listening = isListener ? new Listening() : listening;
        this.options = options;
        this.ports = ports;
        links = ports.links();
        kept = new KeptMemory(ports.memoryStore());
        memory = kept.memory();
        lease = new Lease(ports.leaseFile(), ports.load());
        keeper = new KernelKeeper(ports.kernelStore(), ports.runtime(), lease, ports.leaseFile(), options);
        logs = new LogServer(ports.links(), ports.kernels(), keeper);
        usage = new UsageSender(ports.usage());
        host = new HostSender(links);
        terminals = new TerminalServer(ports.links(), ports.runtime(), keeper);
        frames = new ManagerFrames(keeper, lease, logs, terminals, kept);
        hello = new HelloWriter(options, ports.runtime().name());
        offer = new Offer(options.capacities(), options.labels());
        backoff = new ReconnectBackoff(
            options.backoffFirstNs(), options.backoffMaxNs(), memory.uuid().getLeastSignificantBits());
        joining = null == memory.current() || memory.current().credential.isEmpty();
        keeper.restore(ports.clock().nanoTime());
    }

    /** How it stands; any thread. */
    public AgentStatus status()
    {
        return status;
    }

    /**
     * Changes what it has to offer; any thread. The manager is told by a new connection, since what one begins with
     * holds as long as it does. Kernels go on; what they hold beyond the offer comes back to nobody.
     */
    void offer(final Offer now)
    {
        offer = now;
    }

    /** Until when it need not be stepped unless something comes in. The thread that steps it. */
    long idleUntilNs()
    {
        return switch (state)
        {
            case ACTIVE -> Math.min(
                keeper.idleUntilNs(true), Math.min(lease.nextHeartbeatNs(), nowNs + silenceMaxNs - silentNs()));
            case DISCONNECTED -> Math.min(keeper.idleUntilNs(false), backoff.dueNs());
            default -> Long.MIN_VALUE;
        };
    }

    /** For how long somebody has listened to the manager in vain. */
    private long silentNs()
    {
        return listening.timeNs() - heardNs;
    }

    /** Gives its link up, as if it had broken, and connects anew when its back-off allows. The thread that steps it. */
    void dropLink(final String reason)
    {
        if (LinkConnector.NO_LINK != linkId)
        {
            nowNs = ports.clock().nanoTime();
            disconnect(reason);
        }
    }

    @Override
    public String roleName()
    {
        return "agent";
    }

    @Override
    public int doWork()
    {
        nowNs = ports.clock().nanoTime();
        int workCount = 0;
        workCount += pollLinks();
        workCount += pollOffer();
        workCount += pollState();
        workCount += keeper.doWork(nowNs);
        workCount += pollUplink();
        workCount += logs.doWork();
        workCount += host.doWork();
        workCount += terminals.doWork(nowNs);
        workCount += kept.saveIfDue(nowNs);
        if (workCount > 0)
        {
            links.flush();
        }
        return workCount;
    }

    @Override
    public void onClose()
    {
        if (LinkConnector.NO_LINK != linkId)
        {
            links.closeLink(linkId, "agent closes");
            links.flush();
        }
        terminals.close();
        state(AgentState.CLOSED, "closed");
        kept.saveIfChanged(nowNs);
    }

    private int pollLinks()
    {
        final int received = links.poll(this, LINK_POLL_LIMIT);
        if (isListener)
        {
            listening.onLook(nowNs, received < LINK_POLL_LIMIT);
        }
        return received;
    }

    /** What failed is given to nobody from now on, whether or not the manager knows already. */
    private int pollOffer()
    {
        final Offer now = offer;
        if (now != applied)
        {
            applied = now;
            now.out().forEach(ports.runtime()::takeOut);
        }
        final boolean isStale = offered != now && (AgentState.HELLO_SENT == state || isWelcome());
        return isStale ? disconnect("what this agent offers has changed") : 0;
    }

    private int pollState()
    {
        switch (state)
        {
            case DISCONNECTED:
                return backoff.isDue(nowNs) ? begin() : 0;

            case RESOLVING:
                return nowNs >= deadlineNs ? disconnect("nobody says where the manager is") : resolve();

            case CONNECTING:
            case HELLO_SENT:
                return nowNs >= deadlineNs ? disconnect("no answer in state " + state) : 0;

            case ATTACHING:
                return nowNs >= deadlineNs ? disconnect("the uplink does not connect") : attach();

            case INVENTORY:
                return nowNs >= deadlineNs ? disconnect("the uplink takes no inventory") : sendInventory();

            default:
                return 0;
        }
    }

    private int begin()
    {
        if (null == ports.lookup())
        {
            return connect(options.managerPort());
        }
        if (!ports.lookup().tryStart(options.managerHost(), options.managerPort()))
        {
            return 0;
        }
        state(AgentState.RESOLVING, "");
        return 1;
    }

    private int resolve()
    {
        final int port = ports.lookup().poll();
        if (AgentPortLookup.PENDING == port)
        {
            return 0;
        }
        return AgentPortLookup.FAILED == port ? disconnect(ports.lookup().failure()) : connect(port);
    }

    private int connect(final int port)
    {
        final AgentPortLookup lookup = ports.lookup();
        final String host = null == lookup ? options.managerHost() : lookup.host(options.managerHost());
        linkId = links.tryConnect(host, port);
        if (LinkConnector.NO_LINK == linkId)
        {
            return disconnect("no more links can be opened");
        }
        state(AgentState.CONNECTING, "");
        return 1;
    }

    private int attach()
    {
        if (!uplink.isConnected())
        {
            return 0;
        }
        inventory.begin(connection, keeper.highestAssignment(), keeper.inventory(cluster.idHi, cluster.idLo));
        state(AgentState.INVENTORY, "");
        return 1;
    }

    private int sendInventory()
    {
        try
        {
            if (!inventory.trySendPart(uplink))
            {
                return 0;
            }
        }
        catch (final IllegalStateException e)
        {
            return disconnect(e.getMessage());
        }
        if (inventory.isComplete())
        {
            keeper.reportAll(cluster.idHi, cluster.idLo);
            trouble = "";
            state(AgentState.ACTIVE, "");
        }
        return 1;
    }

    private int pollUplink()
    {
        if (AgentState.INVENTORY != state && AgentState.ACTIVE != state)
        {
            return 0;
        }
        if (silentNs() > silenceMaxNs)
        {
            return disconnect("the manager is silent");
        }
        // The stream of reports may break behind the last of them; heartbeats, on a stream of their own, go on.
        if (keeper.reports().areUnderWay() && !uplink.isConnected())
        {
            return disconnect("the uplink broke");
        }
        try
        {
            int workCount = lease.sendHeartbeat(uplink, keeper.alive(), nowNs);
            if (AgentState.ACTIVE == state)
            {
                workCount += keeper.reports().send(uplink);
                workCount += sendUsage();
            }
            return workCount;
        }
        catch (final IllegalStateException e)
        {
            return disconnect(e.getMessage());
        }
    }

    /** Behind all else: this is what may be lost. */
    private int sendUsage()
    {
        if (managerVersion < UsageSender.VERSION_MIN)
        {
            return 0;
        }
        if (usage.wantsSubjects(nowNs))
        {
            final List<UsageSubject> running = new ArrayList<>();
            ports.runtime().subjects(running::add);
            usage.subjects(running);
        }
        return usage.send(uplink, connection, cluster.idHi, cluster.idLo);
    }

    @Override
    public void onOpened(final long openedLinkId, final String peer)
    {
        if (openedLinkId != linkId)
        {
            links.closeLink(openedLinkId, "not wanted any more");
            return;
        }
        backoff.onOpened(nowNs);
        final boolean byToken = joining && !options.joinToken().isEmpty();
        offered = offer;
        links.trySend(linkId, 0, buffer, 0, hello.write(buffer, memory, offered, byToken));
        state(AgentState.HELLO_SENT, "");
    }

    @Override
    public void onClosed(final long closedLinkId, final String reason)
    {
        if (closedLinkId == linkId)
        {
            linkId = LinkConnector.NO_LINK;
            lost(reason);
        }
    }

    @Override
    public boolean onFrame(
        final long onLinkId, final long ofAgentId, final DirectBuffer frame, final int offset, final int length)
    {
        if (onLinkId != linkId)
        {
            return true;
        }
        heardNs = listening.timeNs();
        try
        {
            if (length < MessageHeaderDecoder.ENCODED_LENGTH ||
                MessageHeaderDecoder.SCHEMA_ID != header.wrap(frame, offset).schemaId())
            {
                disconnect("not a message of this protocol");
            }
            else if (MessageHeaderDecoder.ENCODED_LENGTH + header.blockLength() > length)
            {
                disconnect("broken message: shorter than it says, templateId=" + header.templateId());
            }
            else if (AgentState.HELLO_SENT == state)
            {
                onHandshakeFrame(header.templateId(), frame, offset);
            }
            else if (isWelcome())
            {
                onManagerFrame(frame, offset, length);
            }
        }
        catch (final IndexOutOfBoundsException | IllegalArgumentException e)
        {
            disconnect("broken message: " + e.getMessage());
        }
        return true;
    }

    private boolean isWelcome()
    {
        return AgentState.ATTACHING == state || AgentState.INVENTORY == state || AgentState.ACTIVE == state;
    }

    private void onHandshakeFrame(final int templateId, final DirectBuffer frame, final int offset)
    {
        if (WelcomeDecoder.TEMPLATE_ID == templateId)
        {
            onWelcome(welcome.wrapAndApplyHeader(frame, offset, header));
        }
        else if (RefusedDecoder.TEMPLATE_ID == templateId)
        {
            onRefused(refused.wrapAndApplyHeader(frame, offset, header));
        }
        else
        {
            disconnect("not an answer to Hello: templateId=" + templateId);
        }
    }

    private void onManagerFrame(final DirectBuffer frame, final int offset, final int length)
    {
        if (RefusedDecoder.TEMPLATE_ID == header.templateId())
        {
            onRefused(refused.wrapAndApplyHeader(frame, offset, header));
            return;
        }
        final String broken = frames.on(header, cluster, frame, offset, length, nowNs);
        if (null != broken)
        {
            disconnect(broken);
        }
    }

    private void onWelcome(final WelcomeDecoder message)
    {
        final AgentMemory.Cluster known = memory.find(message.clusterIdHi(), message.clusterIdLo());
        if (null != known && !known.accepts(message.term(), message.termNonce()))
        {
            trouble = "the manager is of term " + message.term() + ", but this agent has followed term " +
                known.term + " of the same cluster: it is an older reign or a copy";
            disconnect(trouble);
            return;
        }
        cluster = memory.enter(message.clusterIdHi(), message.clusterIdLo());
        cluster.term = message.term();
        cluster.termNonce = message.termNonce();
        cluster.sequence = Math.max(cluster.sequence, message.sequence());
        agentId = message.agentId();
        managerVersion = header.version();
        connection = message.connection();
        final long heartbeatIntervalNs = message.heartbeatIntervalNs();
        // Absent from a manager that answers every heartbeat.
        final long grantIntervalNs = Math.max(0, message.grantIntervalNs());
        final byte[] heartbeatKey = new byte[message.heartbeatKeyLength()];
        message.getHeartbeatKey(heartbeatKey, 0, heartbeatKey.length);
        final byte[] reportKey = new byte[message.reportKeyLength()];
        message.getReportKey(reportKey, 0, reportKey.length);
        final String channel = message.uplinkChannel();
        final String credential = message.credential();
        if (!credential.isEmpty())
        {
            cluster.credential = credential;
        }
        joining = false;
        memory.caSha256(options.caSha256());
        // Before anything is done for this reign: after a restart, an older one must be refused.
        if (!kept.trySave(nowNs))
        {
            disconnect("the agent cannot save what it must not forget");
            return;
        }

        keeper.entered(cluster);
        keeper.reports().connected(connection);
        logs.connected(linkId, agentId);
        host.connected(linkId, agentId, managerVersion, offered.document());
        terminals.connected(linkId, agentId);
        lease.connected(cluster.idHi, cluster.idLo, connection, agentId, heartbeatIntervalNs, nowNs);
        silenceMaxNs = Math.max(SILENCE_MIN_NS, options.silenceMin() * heartbeatIntervalNs + grantIntervalNs);
        openUplink(new UplinkGrant(
            channel, links.peerHost(linkId), (int)agentId, connection, heartbeatKey, reportKey));
    }

    private void openUplink(final UplinkGrant grant)
    {
        try
        {
            uplink = ports.uplinks().open(grant);
            state(AgentState.ATTACHING, "");
        }
        catch (final RuntimeException e)
        {
            // What the media driver may throw is its own affair; the next connection tries again.
            LOG.warn("cannot open the uplink", e);
            disconnect("the uplink cannot be opened: " + e.getMessage());
        }
    }

    private void onRefused(final RefusedDecoder message)
    {
        retryAfterNs = Math.max(0, Math.min(RETRY_AFTER_MAX_NS, message.retryAfterNs()));
        hopeless = 0 == retryAfterNs;
        final RefusalCode code = message.code();
        if (RefusalCode.BAD_CREDENTIAL == code && !options.joinToken().isEmpty())
        {
            // The credential may be of a cluster that is no more, or younger than the copy that its manager was
            // restored from: the token decides.
            hopeless = joining;
            joining = true;
        }
        trouble = "the manager refuses this agent: " + code + ": " + message.detail();
        disconnect(trouble);
    }

    private int disconnect(final String reason)
    {
        final long closing = linkId;
        linkId = LinkConnector.NO_LINK;
        if (LinkConnector.NO_LINK != closing)
        {
            links.closeLink(closing, reason);
        }
        lost(reason);
        return 1;
    }

    private void lost(final String reason)
    {
        logs.disconnected();
        host.disconnected();
        terminals.disconnected();
        if (null != uplink)
        {
            uplink.close();
            uplink = null;
        }
        backoff.onClosed(nowNs, retryAfterNs);
        retryAfterNs = 0;
        state(AgentState.DISCONNECTED, reason);
    }

    /** The only place that changes the state. */
    private void state(final AgentState next, final String reason)
    {
        if (AgentState.ACTIVE == next || AgentState.ACTIVE == state)
        {
            LOG.info("agent {} {} -> {} {}", agentId, state, next, reason);
        }
        else if (!reason.isEmpty() && !reason.equals(status.trouble()))
        {
            // Once for each trouble: it may last for hours.
            LOG.warn("agent {} {} -> {} {}", agentId, state, next, reason);
        }
        state = next;
        deadlineNs = nowNs + options.handshakeTimeoutNs();
        heardNs = listening.timeNs();
        if (AgentState.DISCONNECTED == next)
        {
            trouble = reason;
        }
        else if (AgentState.ACTIVE == next)
        {
            hopeless = false;
        }
        status = new AgentStatus(next, agentId, trouble, hopeless);
    }
}
