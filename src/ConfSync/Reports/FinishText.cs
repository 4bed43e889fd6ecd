using System.Diagnostics;
using ConfSync.Bytes;
using ConfSync.Primary;

namespace ConfSync.Reports;

/// <summary>What people read where the command of ON_FINISH failed. Pure; its words are made safe to show.</summary>
internal static class FinishText
{
    private const int MostLines = 20;

    public static string Of(FinishFailure failure)
    {
        var what = failure switch
        {
            FinishFailure.Ended { Status: var status } => FormattableString.Invariant($"ON_FINISH ended with status {status}"),
            FinishFailure.TooLong { Limit: var limit } =>
                FormattableString.Invariant($"ON_FINISH took longer than {limit.TotalSeconds} s (ON_FINISH_TIMEOUT) and was ended"),
            FinishFailure.Interrupted => "ON_FINISH was ended, since a signal came",
            FinishFailure.NotStarted => "ON_FINISH cannot be started",
            _ => throw new UnreachableException(),
        };
        var words = string.Join('\n', failure.Words.Split('\n').TakeLast(MostLines));
        return $"nginx-sync: warning: {what}{(words.Length == 0 ? "" : $"; it said last:\n{PosixText.PrintableLines(words, "    ")}")}";
    }
}
