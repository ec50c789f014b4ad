package io.plimsoll.core.testkit;

import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.ReportKind;

/** A kernel as an inventory names it. */
public record HeldKernel(
    long kernelId,
    long term,
    long termNonce,
    int attempt,
    long sequence,
    long clusterIdHi,
    long clusterIdLo,
    ReportKind kind,
    Reason reason,
    int exitCode)
{
}
