/**
 * What follows from a journalled record: it is decoded once and shown to all who have to act on it, on the egress
 * stage of the pipeline. Start reading at {@link io.plimsoll.manager.egress.EgressReleaser}.
 */
package io.plimsoll.manager.egress;
