package io.plimsoll.manager.identity;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * Who calls, from the moment at which a token was known until the request is answered.
 *
 * @param role      what it may do.
 * @param name      of the user.
 * @param accessKey of the keypair, empty for the administrator's own token.
 * @param ownerId   account that what it submits counts for unless it says so; 0 for the administrator.
 * @param userId    account of the user; 0 for the administrator.
 * @param domainId  account of its domain; 0 for the administrator.
 * @param access    from where, and how often.
 */
public record Caller(
    Role role, String name, String accessKey, int ownerId, int userId, int domainId, Access access)
{
    /** Whoever holds the token of the data directory. */
    public static final Caller ADMINISTRATOR = new Caller(Role.SUPERADMIN, "administrator", "", 0, 0, 0, Access.OPEN);

    /** Whether it is somebody whom the database knows. */
    public boolean isKeypair()
    {
        return 0 != userId;
    }

    /**
     * From where somebody may call, and how often.
     *
     * @param networks          of each level that names any: one of each has to be the caller's.
     * @param requestsPerMinute 0: any number.
     */
    public record Access(List<List<Network>> networks, int requestsPerMinute)
    {
        /** From everywhere, all the time. */
        public static final Access OPEN = new Access(List.of(), 0);

        /** What several levels say together. */
        static Access of(final Policy... levels)
        {
            final List<List<Network>> networks = new ArrayList<>();
            int requestsPerMinute = 0;
            for (final Policy level : levels)
            {
                if (!level.networks().isEmpty())
                {
                    networks.add(level.networks().stream().map(Network::parse).toList());
                }
                if (0 == requestsPerMinute || 0 != level.requestsPerMinute())
                {
                    requestsPerMinute = 0 == requestsPerMinute ?
                        level.requestsPerMinute() : Math.min(requestsPerMinute, level.requestsPerMinute());
                }
            }
            return networks.isEmpty() && 0 == requestsPerMinute ?
                OPEN : new Access(List.copyOf(networks), requestsPerMinute);
        }

        /** Whether somebody may call from an address; null, which is that of a caller within the process, may. */
        public boolean isOpenTo(final InetAddress address)
        {
            for (final List<Network> level : networks)
            {
                boolean contains = null == address;
                for (int i = 0; i < level.size() && !contains; i++)
                {
                    contains = level.get(i).contains(address);
                }
                if (!contains)
                {
                    return false;
                }
            }
            return true;
        }
    }
}
