package io.plimsoll.manager;

/**
 * What this manager is; immutable.
 *
 * @param clusterId     as a UUID string.
 * @param term          number of the current reign.
 * @param agentPort     TCP port that agents connect to.
 * @param uplinkChannel Aeron channel that agents report on.
 * @param commitMode    {@code sync} or {@code async}; named in every reply that promises durability.
 * @param build         version and revision of this build.
 */
public record ClusterInfo(
    String clusterId,
    long term,
    int agentPort,
    String uplinkChannel,
    String commitMode,
    String build)
{
}
