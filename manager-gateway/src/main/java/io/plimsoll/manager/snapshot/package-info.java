/** Snapshots of a manager: what core and view are at one sequence, made beside the pipeline, proven, kept. */
package io.plimsoll.manager.snapshot;
