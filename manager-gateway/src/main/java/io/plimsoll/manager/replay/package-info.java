/**
 * A cluster as its journal tells that it was: opened at any record, moved forward and back, and asked what a live one
 * is asked. Reading starts at {@link io.plimsoll.manager.replay.ReplayedCluster}.
 */
package io.plimsoll.manager.replay;
