package io.plimsoll.agent;

/** How busy the host is; read anew for each heartbeat. */
public interface HostLoad
{
    /** Reads the numbers. */
    void read();

    /** Load over the last minute, in thousandths. */
    int load1Milli();

    /** Memory that could be had without swapping. */
    long memoryAvailableBytes();
}
