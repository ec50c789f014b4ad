package io.plimsoll.manager.callback;

import io.netty.util.NetUtil;
import io.plimsoll.manager.identity.Network;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Keeps callbacks from what users cannot reach themselves. Names are looked at when they are given; addresses each time
 * before something is sent, because names may mean something else by then. Immutable.
 */
public final class CallbackGuard
{
    /** This host, links and their metadata services, multicast, and what is no address of anybody. */
    private static final List<String> NEVER_UNASKED = List.of(
        "0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "100.100.100.200", "192.0.0.192", "224.0.0.0/4", "240.0.0.0/4",
        "::/128", "::1/128", "fe80::/10", "fec0::/10", "ff00::/8", "fd00:ec2::254", "fd20:ce::254");
    private static final int V4_LENGTH = 4;
    /** Behind these bits an address of version 6 has one of version 4. */
    private static final List<Network> CARRIERS = List.of(
        Network.parse("64:ff9b::/96"), Network.parse("64:ff9b:1::/96"), Network.parse("::/96"));
    private static final Network SIX_TO_FOUR = Network.parse("2002::/16");

    private final Rules allow;
    private final Rules deny;
    private final Rules never = new Rules(NEVER_UNASKED);

    /**
     * For an operator's rules.
     *
     * @param options with hosts and networks.
     * @throws IllegalArgumentException that names the one that is neither.
     */
    public CallbackGuard(final CallbackOptions options)
    {
        allow = new Rules(options.allow());
        deny = new Rules(options.deny());
    }

    /**
     * Whether a URL may be named at all.
     *
     * @return null, or why not; for people.
     */
    public String objection(final CallbackUrl url)
    {
        if (deny.hasHost(url.host()))
        {
            return "the operator forbids callbacks to " + url.host();
        }
        if (NetUtil.isValidIpV4Address(url.host()) || NetUtil.isValidIpV6Address(url.host()))
        {
            return objection(url, NetUtil.createInetAddressFromIpAddressString(url.host()));
        }
        return allow.isEmpty() || allow.hasHost(url.host()) || allow.hasNetworks() ?
            null : "the operator allows callbacks to other hosts only";
    }

    /**
     * Whether something may be sent to an address that a URL's host has.
     *
     * @return null, or why not; for people.
     */
    public String objection(final CallbackUrl url, final InetAddress address)
    {
        final InetAddress meant = meant(address);
        final String text = meant.getHostAddress();
        if (deny.hasHost(url.host()) || deny.hasAddress(meant))
        {
            return "the operator forbids callbacks to " + text;
        }
        if (allow.hasAddress(meant))
        {
            return null;
        }
        if (never.hasAddress(meant))
        {
            return "callbacks do not go to " + text + " unless the operator allows it";
        }
        return allow.isEmpty() || allow.hasHost(url.host()) ?
            null : "the operator allows callbacks to other hosts only, not to " + text;
    }

    /** An address of version 4 may come in the clothes of one of version 6. */
    private static InetAddress meant(final InetAddress address)
    {
        if (address instanceof Inet6Address)
        {
            final byte[] bytes = address.getAddress();
            if (CARRIERS.stream().anyMatch(carrier -> carrier.contains(address)) && !isNarrow(bytes))
            {
                return v4(bytes, bytes.length - V4_LENGTH);
            }
            if (SIX_TO_FOUR.contains(address))
            {
                return v4(bytes, 2);
            }
        }
        return address;
    }

    /** Whether it is one of the few addresses of version 6 itself among those that carry one of version 4. */
    private static boolean isNarrow(final byte[] bytes)
    {
        return 0 == bytes[12] && 0 == bytes[13] && 0 == bytes[14] && (bytes[15] & 0xFF) <= 1 && 0 == bytes[0];
    }

    private static InetAddress v4(final byte[] bytes, final int offset)
    {
        try
        {
            return (Inet4Address)InetAddress.getByAddress(Arrays.copyOfRange(bytes, offset, offset + V4_LENGTH));
        }
        catch (final UnknownHostException ex)
        {
            throw new IllegalStateException("four bytes are an address", ex);
        }
    }

    /** Hosts and networks. */
    private static final class Rules
    {
        private final List<String> hosts = new ArrayList<>();
        private final List<Network> networks = new ArrayList<>();

        Rules(final List<String> texts)
        {
            for (final String text : texts)
            {
                if (Network.isValid(text))
                {
                    networks.add(Network.parse(text));
                }
                else if (text.matches("(\\*\\.)?[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?"))
                {
                    hosts.add(text.toLowerCase(Locale.ROOT));
                }
                else
                {
                    throw new IllegalArgumentException(
                        "\"" + text + "\" is no host, such as hooks.example.org or *.example.org, and no network," +
                            " such as 10.0.0.0/8");
                }
            }
        }

        boolean isEmpty()
        {
            return hosts.isEmpty() && networks.isEmpty();
        }

        boolean hasNetworks()
        {
            return !networks.isEmpty();
        }

        boolean hasHost(final String host)
        {
            return hosts.stream().anyMatch(
                rule -> rule.startsWith("*.") ? host.endsWith(rule.substring(1)) : host.equals(rule));
        }

        boolean hasAddress(final InetAddress address)
        {
            return networks.stream().anyMatch(network -> network.contains(address));
        }
    }
}
