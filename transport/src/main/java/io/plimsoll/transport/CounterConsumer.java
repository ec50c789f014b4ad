package io.plimsoll.transport;

import java.util.function.LongSupplier;

/** Takes counters that only rise, for whoever publishes them. */
@FunctionalInterface
public interface CounterConsumer
{
    /**
     * One counter.
     *
     * @param name  snake case, without prefix.
     * @param help  for people, without a full stop.
     * @param value as of the call; any thread, cheap.
     */
    void accept(String name, String help, LongSupplier value);
}
