package io.plimsoll.manager.http;

import io.plimsoll.manager.identity.AuditEntry;
import io.plimsoll.manager.identity.Caller;
import io.plimsoll.manager.identity.Identities;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/**
 * Puts changes into the audit log: those of identities with the transaction that makes them, all others when they have
 * been answered, terminals when they are opened. Submissions are not among them, since the journal has each of them
 * with its owner.
 */
final class AuditTrail
{
    private static final int DETAIL_LENGTH_MAX = 1_000;
    private static final int BODY_SHOWN_MAX = 4 * DETAIL_LENGTH_MAX;
    private static final Set<String> ELSEWHERE = Set.of("/v1/sessions");

    private final Identities identities;

    AuditTrail(final Identities identities)
    {
        this.identities = identities;
    }

    /** Has an exchange written down when it is answered, if it is about a change. */
    void watch(final Exchange exchange)
    {
        final Route route = exchange.route();
        if ((Permissions.isChange(route) || Permissions.isTerminal(route)) && !ELSEWHERE.contains(route.template()))
        {
            final boolean identity = IdentityRoutes.areOfIdentities(route.template());
            exchange.onAnswer((code, status) ->
            {
                // Changes of identities that were made are in the log already.
                if (!identity || status >= 300)
                {
                    identities.record(
                        entry(exchange, action(route), target(exchange), identity ? "" : said(exchange))
                            .withResult(status < 300 ? AuditEntry.DONE : code.isEmpty() ? "" + status : code));
                }
            });
        }
    }

    /** What was asked for, as it came: nobody puts a secret there, and what is long shows its beginning. */
    private static String said(final Exchange exchange)
    {
        final byte[] body = exchange.body();
        if (null == body)
        {
            return "";
        }
        final String text = new String(body, 0, Math.min(body.length, BODY_SHOWN_MAX), StandardCharsets.UTF_8)
            .replaceAll("\\s+", " ");
        return text.length() <= DETAIL_LENGTH_MAX ? text : text.substring(0, DETAIL_LENGTH_MAX) + "…";
    }

    private static String action(final Route route)
    {
        final String[] segments = route.template().split("/");
        final StringBuilder action = new StringBuilder();
        for (int i = 2; i < segments.length; i++)
        {
            if (!segments[i].startsWith("{"))
            {
                action.append(action.isEmpty() ? "" : ".").append(segments[i]);
            }
        }
        return Permissions.isTerminal(route) ?
            action.toString() : action + "." + route.method().toLowerCase(Locale.ROOT);
    }

    private static String target(final Exchange exchange)
    {
        return null == exchange.pathParameter() ? "" : exchange.pathParameter();
    }

    /** Of a change that a request makes. */
    static AuditEntry entry(
        final Exchange exchange, final String action, final String target, final String detail)
    {
        final Caller caller = exchange.caller();
        final SocketAddress remote = exchange.channel().remoteAddress();
        return new AuditEntry(
            0,
            null,
            caller.isKeypair() ? caller.name() + " " + caller.accessKey() : caller.name(),
            caller.role().label(),
            remote instanceof final InetSocketAddress address ? address.getAddress().getHostAddress() : "",
            exchange.requestId(),
            action,
            target,
            AuditEntry.DONE,
            detail);
    }
}
