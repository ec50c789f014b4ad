/** The binary way in, for submitters that need microseconds: see docs/BINARY.md. */
package io.plimsoll.manager.ingress;
