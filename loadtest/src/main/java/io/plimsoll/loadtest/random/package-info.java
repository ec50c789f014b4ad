/**
 * Chance that is the same on every machine: {@link io.plimsoll.loadtest.random.Chance} draws numbers from a seed, and
 * {@link io.plimsoll.loadtest.random.Distribution} gives them a shape.
 */
package io.plimsoll.loadtest.random;
