package io.plimsoll.manager.http;

import io.plimsoll.manager.ManagerServices;
import io.plimsoll.manager.usage.KernelUse;
import io.plimsoll.manager.usage.Level;
import io.plimsoll.manager.usage.Range;
import io.plimsoll.manager.view.AgentView;
import io.plimsoll.manager.view.SessionView;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The kernels that use most. Event loops only. */
final class UsageRoutes
{
    private static final int LIMIT_DEFAULT = 20;
    private static final int LIMIT_MAX = 1000;
    private static final int KERNEL_BITS = 10;
    private static final int KERNEL_MASK = (1 << KERNEL_BITS) - 1;
    private static final Map<String, Comparator<KernelUse>> ORDERS = orders();

    private final ManagerServices services;
    private final Visibility visibility;

    UsageRoutes(final ManagerServices services)
    {
        this.services = services;
        visibility = new Visibility(services);
    }

    private static Map<String, Comparator<KernelUse>> orders()
    {
        final Map<String, Comparator<KernelUse>> orders = new LinkedHashMap<>();
        orders.put("cpu", by(Level.CPU_MILLIS));
        orders.put("memory", by(Level.MEMORY_BYTES));
        orders.put("disk", by(Level.READ_RATE, Level.WRITTEN_RATE));
        orders.put("network", by(Level.RECEIVED_RATE, Level.SENT_RATE));
        orders.put("gpu", by(Level.GPU_PERCENT));
        return orders;
    }

    private static Comparator<KernelUse> by(final Level... levels)
    {
        return Comparator.comparingLong((KernelUse use) ->
        {
            long sum = 0;
            for (final Level level : levels)
            {
                final Range range = use.statistics().range(level);
                sum += Math.max(0, range.last());
            }
            return sum;
        }).reversed().thenComparing(KernelUse::kernelId);
    }

    List<Route> routes()
    {
        return List.of(Route.get("/v1/usage", Set.of("order", "limit"), this::list));
    }

    private List<KernelUse> visible(final Exchange exchange, final Comparator<KernelUse> order, final int limit)
    {
        if (Visibility.seesAll(exchange.caller()))
        {
            return services.usage().running(order, limit);
        }
        return services.usage().running(order, Integer.MAX_VALUE).stream()
            .filter(use -> visibility.sees(
                exchange.caller(), services.view().ownerOf(use.kernelId() >> KERNEL_BITS)))
            .limit(limit)
            .toList();
    }

    private void list(final Exchange exchange)
    {
        final int limit = (int)exchange.number("limit", LIMIT_DEFAULT, 1, LIMIT_MAX);
        final String given = exchange.text("order");
        final Comparator<KernelUse> order = ORDERS.get(null == given ? "cpu" : given);
        if (null == order)
        {
            throw exchange.badParameter("order", "one of " + String.join(", ", ORDERS.keySet()));
        }
        final List<KernelUse> kernels = visible(exchange, order, limit);
        exchange.json(200, json ->
        {
            json.writeStartObject();
            json.writeArrayFieldStart("kernels");
            for (final KernelUse use : kernels)
            {
                final SessionView session = services.view().session(use.kernelId() >> KERNEL_BITS);
                final AgentView agent = services.view().agent(use.agentId());
                if (null != session)
                {
                    json.writeStartObject();
                    json.writeNumberField("session", session.id());
                    json.writeNumberField("kernel", use.kernelId() & KERNEL_MASK);
                    json.writeStringField("name", session.name());
                    json.writeStringField("owner", session.owner());
                    json.writeStringField("agent", null == agent ? "" : agent.name());
                    UsageJson.kernel(json, use);
                    json.writeEndObject();
                }
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }
}
