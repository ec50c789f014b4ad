package io.plimsoll.manager.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Names what something is, as an ETag (RFC 9110): a hash of what is said of it without what changes all the time. The
 * same on every manager and after every restart. Any thread; stateless.
 */
final class EntityTag
{
    private static final int LENGTH = 16;
    private static final int TAGS_MAX = 32;

    private EntityTag()
    {
    }

    /** With its quotes. */
    static String of(final Exchange exchange, final Json.Document described)
    {
        final ByteBuf document = Json.write(exchange.channel().alloc(), described);
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

    /** Answers with what there is, or, to whoever asks and has it already, with 304. Event loop. */
    static void answer(
        final Exchange exchange, final int status, final String tag, final Json.Document document)
    {
        exchange.response().header(HttpHeaderNames.ETAG, tag);
        final boolean isRead = HttpMethod.GET.equals(exchange.request().method()) ||
            HttpMethod.HEAD.equals(exchange.request().method());
        if (isRead && isListed(exchange.header(HttpHeaderNames.IF_NONE_MATCH), tag, true))
        {
            exchange.notModified();
        }
        else
        {
            exchange.json(status, document);
        }
    }

    /**
     * Refuses a change of what is something else than the client takes it for.
     *
     * @param described of it; null: it is not there.
     * @param what      it is, for people.
     * @throws ProblemException 412 if {@code If-Match} names other tags only.
     */
    static void require(final Exchange exchange, final Json.Document described, final String what)
    {
        final String wanted = exchange.header(HttpHeaderNames.IF_MATCH);
        if (null != wanted && (null == described || !isListed(wanted, of(exchange, described), false)))
        {
            throw new Problem(
                412, "changed-meanwhile", what + " is not as If-Match says any longer; get it anew")
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
        for (final String one : header.split(",", TAGS_MAX))
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
