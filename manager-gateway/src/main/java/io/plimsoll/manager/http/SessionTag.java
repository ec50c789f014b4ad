package io.plimsoll.manager.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.plimsoll.manager.SessionFacts;
import io.plimsoll.manager.usage.UsageView;
import io.plimsoll.manager.view.SessionView;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Names what a session is, as an ETag: another one whenever anything of it changes but what its kernels use and what is
 * counted down, which change all the time. The same on every manager and after every restart. Stateless.
 */
final class SessionTag
{
    private static final int LENGTH = 16;

    private SessionTag()
    {
    }

    /** With its quotes. */
    static String of(final Exchange exchange, final SessionView session)
    {
        final ByteBuf document =
            Json.write(
                exchange.channel().alloc(),
                json -> SessionJson.write(json, session, UsageView.NONE, SessionFacts.NONE));
        try
        {
            final byte[] digest = MessageDigest.getInstance("SHA-256").digest(ByteBufUtil.getBytes(document));
            return '"' + HexFormat.of().formatHex(digest, 0, LENGTH) + '"';
        }
        catch (final NoSuchAlgorithmException ex)
        {
            throw new IllegalStateException(ex);
        }
        finally
        {
            document.release();
        }
    }

    /** Whether the client has it already. */
    static boolean isKnown(final Exchange exchange, final String tag)
    {
        return isListed(exchange.header(HttpHeaderNames.IF_NONE_MATCH), tag, true);
    }

    /** Refuses a change of what is something else than the client takes it for. */
    static void require(final Exchange exchange, final SessionView session)
    {
        final String wanted = exchange.header(HttpHeaderNames.IF_MATCH);
        if (null != wanted && !isListed(wanted, of(exchange, session), false))
        {
            throw new Problem(
                412,
                "changed-meanwhile",
                "session " + session.id() + " is not as If-Match says any longer; get it anew")
                .field("If-Match")
                .asException();
        }
    }

    private static boolean isListed(final String header, final String tag, final boolean weak)
    {
        if (null == header)
        {
            return false;
        }
        for (final String one : header.split(",", 32))
        {
            final String name = one.trim();
            if ("*".equals(name) || tag.equals(weak && name.startsWith("W/") ? name.substring(2) : name))
            {
                return true;
            }
        }
        return false;
    }
}
