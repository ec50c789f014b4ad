/**
 * The {@code plimsoll} command and the distribution: configuration, launching, and output for people and for programs.
 */
package io.plimsoll.ops;
