/**
 * What is kept in etcd: configuration, and where the manager is. Reading starts at
 * {@link io.plimsoll.ops.etcd.EtcdFeed}. Nothing here is loaded unless etcd is configured.
 */
package io.plimsoll.ops.etcd;
