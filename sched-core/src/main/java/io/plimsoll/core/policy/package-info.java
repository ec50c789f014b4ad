/**
 * The questions a policy answers, and the answers that come with the project. A policy is a small pure class: the same
 * question, the same answer, on any machine. Own ones are found through {@link java.util.ServiceLoader}.
 */
package io.plimsoll.core.policy;
