package io.plimsoll.core;

import java.util.Arrays;

/** A reservation that is to be made, moved or given up: filled by a queue, read by whoever emits it. */
final class ReservationPlan
{
    /** Row of the session. */
    int session;
    /** Of its reservations, by time; one above the last is a new one. */
    int number;
    /** Epoch. */
    long startNs;
    private int[] agents = new int[4];
    private int[] kernels = new int[4];
    private int size;

    void begin(final int sessionRow, final int ofNumber, final long atNs)
    {
        session = sessionRow;
        number = ofNumber;
        startNs = atNs;
        size = 0;
    }

    void add(final int agent, final int kernelCount)
    {
        if (size == agents.length)
        {
            agents = Arrays.copyOf(agents, size * 2);
            kernels = Arrays.copyOf(kernels, size * 2);
        }
        agents[size] = agent;
        kernels[size++] = kernelCount;
    }

    /** Number of agents; 0: the reservation is given up. */
    int size()
    {
        return size;
    }

    int agent(final int index)
    {
        return agents[index];
    }

    int kernels(final int index)
    {
        return kernels[index];
    }
}
