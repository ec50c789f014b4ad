package io.plimsoll.ops.etcd;

import java.util.Map;

/**
 * What stands below a prefix at one moment.
 *
 * @param values    by their keys without the prefix and its slash.
 * @param clusterId of the answering cluster.
 * @param revision  of its store; less than before: it is not the store that it was.
 */
public record EtcdSnapshot(Map<String, String> values, long clusterId, long revision)
{
}
