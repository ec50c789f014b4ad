package io.plimsoll.manager.identity;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/**
 * Addresses that begin alike, as {@code 10.0.0.0/8}, {@code fd00::/8}, or one alone. It is read with the configuration,
 * before there is a log, so it uses nothing that writes one. Immutable.
 */
public final class Network
{
    private static final String BYTE = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private static final Pattern V4 = Pattern.compile(BYTE + "(\\." + BYTE + "){3}");
    /** What has a colon is never looked up as a name. */
    private static final Pattern V6_CHARACTERS = Pattern.compile("[0-9A-Fa-f.]*:[0-9A-Fa-f.:]*");
    private static final Pattern LENGTH = Pattern.compile("0|[1-9][0-9]{0,2}");
    private static final int V4_BYTES = 4;
    private static final int V6_BYTES = 16;

    private final byte[] address;
    private final int bits;

    private Network(final byte[] address, final int bits)
    {
        this.address = address;
        this.bits = bits;
    }

    /** Whether a text is one. */
    public static boolean isValid(final String text)
    {
        return null != read(text);
    }

    /**
     * Reads one.
     *
     * @param text that {@link #isValid}.
     */
    public static Network parse(final String text)
    {
        final Network network = read(text);
        if (null == network)
        {
            throw new IllegalArgumentException("\"" + text + "\" is no network, such as 10.0.0.0/8");
        }
        return network;
    }

    /** Null: the text is none. */
    private static Network read(final String text)
    {
        final int slash = text.indexOf('/');
        final byte[] address = address(slash < 0 ? text : text.substring(0, slash));
        if (null == address)
        {
            return null;
        }
        final int bitsMax = address.length * Byte.SIZE;
        if (slash < 0)
        {
            return new Network(address, bitsMax);
        }
        final String length = text.substring(slash + 1);
        return LENGTH.matcher(length).matches() && Integer.parseInt(length) <= bitsMax ?
            new Network(address, Integer.parseInt(length)) : null;
    }

    private static byte[] address(final String text)
    {
        final boolean isV4 = V4.matcher(text).matches();
        if (!isV4 && !V6_CHARACTERS.matcher(text).matches())
        {
            return null;
        }
        try
        {
            final byte[] bytes = InetAddress.getByName(text).getAddress();
            return isV4 || V4_BYTES != bytes.length ? bytes : carried(bytes);
        }
        catch (final UnknownHostException ex)
        {
            return null;
        }
    }

    /** An address of version 4 that is written as one of version 6 stays one of version 6. */
    private static byte[] carried(final byte[] bytes)
    {
        final byte[] whole = new byte[V6_BYTES];
        whole[V6_BYTES - V4_BYTES - 2] = (byte)0xFF;
        whole[V6_BYTES - V4_BYTES - 1] = (byte)0xFF;
        System.arraycopy(bytes, 0, whole, V6_BYTES - V4_BYTES, V4_BYTES);
        return whole;
    }

    /** Whether an address is of it. */
    public boolean contains(final InetAddress other)
    {
        final byte[] bytes = other.getAddress();
        if (bytes.length != address.length)
        {
            return false;
        }
        for (int i = 0; i < bits; i++)
        {
            final int mask = 0x80 >> (i % Byte.SIZE);
            if (0 != ((bytes[i / Byte.SIZE] ^ address[i / Byte.SIZE]) & mask))
            {
                return false;
            }
        }
        return true;
    }
}
