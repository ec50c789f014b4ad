package io.plimsoll.manager.database;

import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import io.r2dbc.postgresql.PostgresqlConnectionFactoryProvider;
import java.time.Duration;
import reactor.netty.resources.LoopResources;

/** Pools of connections, few and short-lived when nobody needs them. */
final class Pools
{
    private static final int CONNECTIONS_MAX = 8;
    private static final Duration IDLE = Duration.ofMinutes(2);
    private static final Duration CONNECT = Duration.ofSeconds(5);
    /** One thread carries all connections of the process; what is asked of identities is little. */
    private static final LoopResources LOOPS = LoopResources.create("plimsoll-database-io", 1, 1, true);

    private Pools()
    {
    }

    static ConnectionPool open(final DatabaseAddress address, final Duration deadline)
    {
        final PostgresqlConnectionConfiguration configuration = PostgresqlConnectionFactoryProvider
            .builder(address.reactive())
            .connectTimeout(CONNECT)
            .loopResources(LOOPS)
            .statementTimeout(deadline)
            .lockWaitTimeout(deadline)
            .build();
        return new ConnectionPool(ConnectionPoolConfiguration.builder(new PostgresqlConnectionFactory(configuration))
            .initialSize(0)
            .maxSize(CONNECTIONS_MAX)
            .maxIdleTime(IDLE)
            .maxAcquireTime(CONNECT)
            .maxCreateConnectionTime(CONNECT)
            .build());
    }
}
