using System.Diagnostics;
using ConfSync.Events;

namespace ConfSync.Reports;

/// <summary>What one node is doing, in a word or some. Pure.</summary>
internal static class StepText
{
    public static string Of(PushStep step) => step switch
    {
        PushStep.Connect => "connecting",
        PushStep.Scan => "scanning",
        PushStep.Stage => "staging",
        PushStep.Test => "testing",
        PushStep.Wait => "waiting for its turn",
        PushStep.Activate => "activating",
        PushStep.Reload => "reloading",
        PushStep.HealthCheck => "health check",
        PushStep.Agree => "waiting for the others",
        PushStep.Confirm => "confirming",
        PushStep.Resolve => "finding out what it holds",
        _ => throw new UnreachableException(),
    };
}
