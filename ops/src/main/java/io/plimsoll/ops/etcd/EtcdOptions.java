package io.plimsoll.ops.etcd;

import java.nio.file.Path;
import java.util.List;

/**
 * How etcd is reached.
 *
 * @param endpoints   URLs, such as {@code http://127.0.0.1:2379}.
 * @param prefix      below which everything of this cluster is; without a slash at its end.
 * @param user        null: none.
 * @param password    of the user.
 * @param authority   PEM file that its certificate is checked with; null: those of the system.
 * @param certificate PEM file of this client; null: none.
 * @param key         PEM file of its key.
 * @param advertise   where others reach this manager, if it listens on all addresses; empty: the host's name.
 */
public record EtcdOptions(
    List<String> endpoints,
    String prefix,
    String user,
    String password,
    Path authority,
    Path certificate,
    Path key,
    String advertise)
{
    /** Without its password. */
    @Override
    public String toString()
    {
        return "etcd at " + String.join(",", endpoints) + prefix;
    }
}
