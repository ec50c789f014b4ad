package io.plimsoll.manager.identity;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Addresses that begin alike, as {@code 10.0.0.0/8}, {@code fd00::/8}, or one alone. Immutable. */
public final class Network
{
    private static final int BITS_V4 = 32;
    private static final int BITS_V6 = 128;

    private final IpSubnetFilterRule rule;

    private Network(final IpSubnetFilterRule rule)
    {
        this.rule = rule;
    }

    /** Whether a text is one. */
    public static boolean isValid(final String text)
    {
        final int slash = text.indexOf('/');
        final String address = slash < 0 ? text : text.substring(0, slash);
        final boolean v4 = NetUtil.isValidIpV4Address(address);
        if (!v4 && (!NetUtil.isValidIpV6Address(address) || address.indexOf('%') >= 0 || address.startsWith("[")))
        {
            return false;
        }
        final String length = slash < 0 ? "0" : text.substring(slash + 1);
        return length.matches("0|[1-9][0-9]{0,2}") && Integer.parseInt(length) <= (v4 ? BITS_V4 : BITS_V6);
    }

    /**
     * Reads one.
     *
     * @param text that {@link #isValid}.
     */
    public static Network parse(final String text)
    {
        final int slash = text.indexOf('/');
        final String address = slash < 0 ? text : text.substring(0, slash);
        final int bits = slash >= 0 ? Integer.parseInt(text.substring(slash + 1)) :
            NetUtil.isValidIpV4Address(address) ? BITS_V4 : BITS_V6;
        return new Network(new IpSubnetFilterRule(address, bits, IpFilterRuleType.ACCEPT));
    }

    /** Whether an address is of it. */
    public boolean contains(final InetAddress address)
    {
        return rule.matches(new InetSocketAddress(address, 0));
    }
}
