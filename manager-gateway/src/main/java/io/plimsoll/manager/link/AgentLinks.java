package io.plimsoll.manager.link;

import io.plimsoll.core.pipeline.CommandIngress;
import io.plimsoll.core.sbe.AgentDisconnectedEncoder;
import io.plimsoll.core.sbe.MessageHeaderEncoder;
import io.plimsoll.manager.Counters;
import io.plimsoll.manager.Counters.Counter;
import io.plimsoll.manager.control.CorrelationIds;
import io.plimsoll.transport.link.LinkEndpoint;
import io.plimsoll.transport.link.LinkListener;
import io.plimsoll.transport.sbe.HostPartDecoder;
import io.plimsoll.transport.sbe.RefusalCode;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.collections.Long2ObjectHashMap;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of a link: it opens, says Hello within its deadline, is authenticated and told to the core, is attached when
 * egress has released the core's answer, carries log data, and its end is told to the core. A duty cycle; what the link
 * carries downwards is sent by {@link AssignmentReleaser}. Nothing that comes in on a link can stop the cycle: bad
 * content closes the link.
 */
public final class AgentLinks implements Agent, LinkListener
{
    private static final Logger LOGGER = LoggerFactory.getLogger(AgentLinks.class);
    private static final int POLL_LIMIT = 64;
    private static final long BUSY_RETRY_NS = TimeUnit.SECONDS.toNanos(5);
    private static final long RESTART_RETRY_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long EXPIRY_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long SILENCE_INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);
    /** After which nobody who waits for an agent waits any longer; the connection itself may take a quarter hour. */
    private static final long SILENCE_NS = TimeUnit.SECONDS.toNanos(30);

    private final LinkParts parts;
    private final LinkEndpoint endpoint;
    private final CommandIngress ingress;
    private final AgentAuthority authority;
    private final CorrelationIds correlationIds;
    private final LivenessTracker liveness;
    private final LinkStreams streams;
    private final HostDocuments hosts;
    private final NanoClock clock;
    private final Counters counters;
    private final DownlinkPublisher publisher;
    private final AgentGreeting greeting = new AgentGreeting();
    private final UnsafeBuffer command = new UnsafeBuffer(new byte[CommandIngress.COMMAND_LENGTH_MAX]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final AgentDisconnectedEncoder disconnected = new AgentDisconnectedEncoder();
    private final Long2ObjectHashMap<Link> linkById = new Long2ObjectHashMap<>();
    /** Thousands at a time, when all come back at once: each leaves from wherever it stands. */
    private final Set<Link> greeted = new LinkedHashSet<>();
    /** In the order of their opening; those that have said Hello, or are gone, leave when their turn comes. */
    private final ArrayDeque<Link> unheard = new ArrayDeque<>();
    private final ArrayDeque<AgentLink> disconnectsOwed = new ArrayDeque<>();
    private int unauthenticated;
    private long nowNs;
    private long nextExpiryNs;
    private long nextSilenceNs;

    /**
     * Of one manager.
     *
     * @param parts          shared on the agents' side.
     * @param ingress        to the ring.
     * @param authority      who may connect.
     * @param correlationIds of this reign.
     * @param liveness       told of attached agents.
     * @param streams        given what agents send of their own.
     * @param clock          monotonic, read once a cycle.
     * @param counters       to count in.
     */
    public AgentLinks(
        final LinkParts parts,
        final CommandIngress ingress,
        final AgentAuthority authority,
        final CorrelationIds correlationIds,
        final LivenessTracker liveness,
        final LinkStreams streams,
        final NanoClock clock,
        final Counters counters)
    {
        this.parts = parts;
        endpoint = parts.endpoint();
        this.ingress = ingress;
        this.authority = authority;
        this.correlationIds = correlationIds;
        this.liveness = liveness;
        this.streams = streams;
        hosts = parts.hosts();
        this.clock = clock;
        this.counters = counters;
        publisher = new DownlinkPublisher(endpoint, counters);
        nowNs = clock.nanoTime();
        nextExpiryNs = nowNs;
        nextSilenceNs = nowNs;
    }

    @Override
    public String roleName()
    {
        return "agent-links";
    }

    @Override
    public int doWork()
    {
        nowNs = clock.nanoTime();
        int workCount = 0;
        workCount += publishDisconnects();
        workCount += settleHandshakes();
        workCount += endpoint.poll(this, POLL_LIMIT);
        workCount += expire();
        workCount += leaveSilent();
        if (workCount > 0)
        {
            endpoint.flush();
        }
        return workCount;
    }

    @Override
    public void onOpened(final long linkId, final String peer)
    {
        counters.increment(Counter.LINKS_OPENED);
        final Link link = new Link(linkId, peer, nowNs, nowNs + parts.options().handshakeTimeoutNs());
        linkById.put(linkId, link);
        unheard.add(link);
        unauthenticated++;
        if (unauthenticated > parts.options().unauthenticatedMax())
        {
            refuse(linkId, RefusalCode.BUSY, BUSY_RETRY_NS, "too many handshakes at once: try again");
        }
    }

    @Override
    public boolean onFrame(
        final long linkId, final long agentId, final DirectBuffer buffer, final int offset, final int length)
    {
        final Link link = linkById.get(linkId);
        if (null == link || link.closing)
        {
            return true;
        }
        link.heardNs = nowNs;
        if (null == link.handshake)
        {
            return onHello(link, agentId, buffer, offset, length);
        }
        final AgentLink attached = link.handshake.attached();
        if (null == attached || attached.agentId() != agentId)
        {
            hostile(link, null == attached ? "spoke before its Welcome" : "names another agent");
            return true;
        }
        final boolean taken = HostPartDecoder.TEMPLATE_ID == FrameShape.templateId(buffer, offset, length) ?
            hosts.onPart(linkId, attached.agentId(), buffer, offset, length) :
            streams.onFrame(linkId, buffer, offset, length);
        if (!taken)
        {
            hostile(link, "broken or unexpected frame");
        }
        return true;
    }

    private boolean onHello(
        final Link link, final long agentId, final DirectBuffer buffer, final int offset, final int length)
    {
        final String problem = greeting.read(buffer, offset, length);
        if (null != problem || 0 != agentId)
        {
            counters.increment(Counter.LINKS_HOSTILE);
            refuse(link.linkId, RefusalCode.BAD_REQUEST, 0, null == problem ? "Hello names an agent id" : problem);
            return true;
        }
        if (AgentGreeting.PROTOCOL_VERSION != greeting.protocolVersion())
        {
            refuse(
                link.linkId,
                RefusalCode.UNSUPPORTED_PROTOCOL,
                0,
                "this manager speaks protocol " + AgentGreeting.PROTOCOL_VERSION + ", the agent " +
                    greeting.protocolVersion() + ": install the same release on both");
            return true;
        }
        if (!link.authenticated && !authenticate(link))
        {
            return true;
        }
        return publishConnected(link);
    }

    private boolean authenticate(final Link link)
    {
        if (!greeting.credential().isEmpty())
        {
            link.authenticated = authority.admits(greeting.uuid(), greeting.credential());
        }
        else
        {
            try
            {
                final String credential = authority.join(greeting.uuid(), greeting.joinToken());
                link.authenticated = null != credential;
                link.newCredential = link.authenticated ? credential : "";
            }
            catch (final UncheckedIOException e)
            {
                refuse(link.linkId, RefusalCode.BUSY, BUSY_RETRY_NS, "the manager cannot store credentials now");
                return false;
            }
        }
        if (!link.authenticated)
        {
            refuse(
                link.linkId,
                RefusalCode.BAD_CREDENTIAL,
                0,
                greeting.credential().isEmpty() ?
                    "the join token is not that of this cluster" :
                    "the credential is not that of this agent; if the manager's data was restored from an older " +
                        "copy, start the agent with the join token once more: it keeps its identity");
        }
        else if (!link.newCredential.isEmpty())
        {
            counters.increment(Counter.AGENTS_JOINED);
        }
        return link.authenticated;
    }

    /** False if the ring is full: the Hello is delivered again. */
    private boolean publishConnected(final Link link)
    {
        final Handshake handshake = new Handshake(
            correlationIds.next(),
            link.linkId,
            link.newCredential,
            AgentAddresses.ofPeer(link.peer),
            nowNs + parts.options().attachTimeoutNs());
        // Known before it is published, because egress may be faster than this thread.
        parts.handshakes().add(handshake);
        final int length = greeting.encodeConnected(command, handshake.correlationId());
        if (!ingress.tryPublish(command, 0, length))
        {
            parts.handshakes().take(handshake.correlationId());
            return false;
        }
        link.handshake = handshake;
        unauthenticated--;
        greeted.add(link);
        return true;
    }

    private void refuse(final long linkId, final RefusalCode code, final long retryAfterNs, final String detail)
    {
        counters.increment(Counter.LINKS_REFUSED);
        publisher.sendRefused(linkId, code, retryAfterNs, detail);
        close(linkById.get(linkId), "refused: " + detail);
    }

    private void hostile(final Link link, final String reason)
    {
        counters.increment(Counter.LINKS_HOSTILE);
        close(link, reason);
    }

    private void close(final Link link, final String reason)
    {
        link.closing = true;
        endpoint.closeLink(link.linkId, reason);
    }

    /** An authenticated agent sent nonsense on its uplink: its link is closed. The thread of the links. */
    void onHostileUplink(final int agentId, final long connection, final String reason)
    {
        counters.increment(Counter.LINKS_HOSTILE);
        parts.uplink().dismiss(agentId, connection);
        final AgentLink attached = parts.table().link(agentId, connection);
        if (null != attached)
        {
            endpoint.closeLink(attached.linkId(), "uplink: " + reason);
        }
    }

    @Override
    public void onClosed(final long linkId, final String reason)
    {
        final Link link = linkById.remove(linkId);
        if (null == link)
        {
            return;
        }
        counters.increment(Counter.LINKS_CLOSED);
        LOGGER.info("link {} of {} closed: {}", linkId, link.who(), reason);
        link.closed = true;
        streams.onLinkClosed(linkId);
        hosts.onLinkClosed(linkId);
        if (null == link.handshake)
        {
            unauthenticated--;
        }
        else if (!greeted.contains(link))
        {
            detach(link.handshake.attached());
        }
        // One that waits for the core stays in the list of the greeted until the core has answered.
    }

    private int settleHandshakes()
    {
        int settled = 0;
        for (final Iterator<Link> iterator = greeted.iterator(); iterator.hasNext();)
        {
            final Link link = iterator.next();
            final AgentLink attached = link.handshake.attached();
            if (null != attached)
            {
                iterator.remove();
                settled++;
                liveness.onAttached(attached);
                if (link.closed)
                {
                    detach(attached);
                }
            }
            else if (link.handshake.isRefused())
            {
                iterator.remove();
                link.closing = true;
                settled++;
            }
            else if (!link.closing && nowNs - link.handshake.deadlineNs() >= 0)
            {
                close(link, "the core has not answered");
            }
        }
        return settled;
    }

    private void detach(final AgentLink attached)
    {
        if (null != attached)
        {
            parts.table().remove(attached);
            parts.uplink().dismiss(attached.agentId(), attached.connection());
            disconnectsOwed.add(attached);
        }
    }

    private int publishDisconnects()
    {
        int published = 0;
        AgentLink owed = disconnectsOwed.peek();
        while (null != owed)
        {
            disconnected.wrapAndApplyHeader(command, 0, header)
                .agentId(owed.agentId())
                .connection(owed.connection());
            final int length = MessageHeaderEncoder.ENCODED_LENGTH + disconnected.encodedLength();
            if (!ingress.tryPublish(command, 0, length))
            {
                break;
            }
            disconnectsOwed.poll();
            published++;
            owed = disconnectsOwed.peek();
        }
        return published;
    }

    private int expire()
    {
        if (nowNs - nextExpiryNs < 0 || unheard.isEmpty())
        {
            return 0;
        }
        nextExpiryNs = nowNs + EXPIRY_INTERVAL_NS;
        int expired = 0;
        // All have the same time for it, so the deadline of the first is the earliest.
        Link link = unheard.peek();
        while (null != link && (link.isHeard() || nowNs - link.deadlineNs >= 0))
        {
            unheard.poll();
            if (!link.isHeard())
            {
                close(link, "no Hello in time");
                expired++;
            }
            link = unheard.peek();
        }
        return expired;
    }

    /** Streams end whose agents have vanished without a word, on their links and beside them. */
    private int leaveSilent()
    {
        if (nowNs - nextSilenceNs < 0 || streams.isEmpty())
        {
            return 0;
        }
        nextSilenceNs = nowNs + SILENCE_INTERVAL_NS;
        int left = 0;
        for (final Link link : linkById.values())
        {
            final AgentLink attached = null == link.handshake ? null : link.handshake.attached();
            if (null != attached && nowNs - link.heardNs >= SILENCE_NS &&
                liveness.silentNs(attached.agentId()) >= SILENCE_NS)
            {
                streams.onLinkSilent(link.linkId);
                left++;
            }
        }
        return left;
    }

    /** Links open now, attached or not. */
    int linkCount()
    {
        return linkById.size();
    }

    /** Tells every agent to come back later, for an orderly end. */
    public void shutDown()
    {
        for (final Link link : linkById.values())
        {
            if (!link.closing)
            {
                publisher.sendRefused(
                    link.linkId, RefusalCode.SHUTTING_DOWN, RESTART_RETRY_NS, "the manager is shutting down");
                close(link, "shutting down");
            }
        }
        endpoint.flush();
    }

    private static final class Link
    {
        private final long linkId;
        private final String peer;
        private final long deadlineNs;
        private boolean authenticated;
        private String newCredential = "";
        private Handshake handshake;
        private boolean closing;
        private boolean closed;
        private long heardNs;

        private Link(final long linkId, final String peer, final long heardNs, final long deadlineNs)
        {
            this.linkId = linkId;
            this.peer = peer;
            this.heardNs = heardNs;
            this.deadlineNs = deadlineNs;
        }

        /** Whether its Hello is not waited for any more. */
        private boolean isHeard()
        {
            return null != handshake || closing || closed;
        }

        /** For logs. */
        private String who()
        {
            final AgentLink attached = null == handshake ? null : handshake.attached();
            return null == attached ?
                "a stranger at " + peer : "agent " + attached.agentId() + " connection " + attached.connection();
        }
    }
}
