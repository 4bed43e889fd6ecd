using System.Text.RegularExpressions;

namespace ConfSync.SystemTests.Faults;

/// <summary>What is there after a run that was struck, beside what there was to be.</summary>
/// <param name="Served">What nginx answers.</param>
/// <param name="OldAnswer">What it answers with the old configuration.</param>
internal sealed record InjectionVerdict(
    PeerLook Old, PeerLook New, PeerLook There, string Served, string OldAnswer, string NewAnswer)
{
    private const string Loud = "THE OLD STATE COULD NOT BE PUT BACK", FilesBack = "THE OLD FILES ARE BACK", Unseen = "that could not be seen";

    private static readonly Regex EmptyReason = new(@":\n *\n", RegexOptions.Compiled);

    private static readonly Regex Verdict = new(@"^((Pushed to|Rolled back) \d+ of \d+ nodes?: .*|Nothing was (pushed|rolled back))\.$", RegexOptions.Compiled | RegexOptions.Multiline);

    private bool IsOld => There.HoldsSame(Old);

    private bool IsNew => There.HoldsSame(New);

    /// <summary>What in a report is not true, and what must never be.</summary>
    /// <param name="mayStay">What struck, struck from then on: then a mixture may stay until it is over, if it is said.</param>
    public IEnumerable<string> Problems(Outcome outcome, bool mayStay)
    {
        var report = outcome.Out + outcome.Err;
        var isLoud = Says(Loud) || Says(FilesBack);
        var isUnseen = Says(Unseen);
        if (!IsOld && !IsNew && !(mayStay && (isLoud || isUnseen)))
        {
            yield return $"a {(isLoud || isUnseen ? "loud" : "SILENT")} mixture: of the old one, {Old.Difference(There)}";
        }
        if (outcome.ExitCode is < 0 or > 2) yield return $"exit status {outcome.ExitCode}";
        if (outcome.ExitCode == 0 && !IsNew) yield return "success, and the new configuration is not there";
        if (Says("nothing was changed there") && !IsOld) yield return "'nothing was changed there', and it was";
        if (Says("the old configuration is back in place there") && !IsOld) yield return "'back in place', and it is not";
        if (Says(FilesBack) && !IsOld) yield return "'the old files are back', and they are not";
        if (Says("the new configuration is in place there") && !IsNew) yield return "'in place there', and it is not";
        if (Says("has the old configuration.") && !IsOld) yield return "the verdict is 'old', and it is not";
        if (Says("has the new configuration") && !IsNew) yield return "the verdict is 'new', and it is not";
        if (!Verdict.IsMatch(report)) yield return "no verdict";
        if (There.Left.Contains("/proc/", StringComparison.Ordinal)) yield return $"a process of the push is still there: {There.Left}";
        if (!mayStay && There.Left.Length > 0 && outcome.ExitCode == 0 && !Says("could not be removed")) yield return $"success, and this is left: {There.Left}";
        if (isLoud && IsOld && Served == OldAnswer && There.Left.Length == 0) yield return "the loudest line, and all is as it was";
        // Nobody edits here, and the configuration is good.
        if (Says("edits files there")) yield return "somebody else is blamed";
        if (EmptyReason.IsMatch(report)) yield return "a reason is empty";
        if (isLoud || isUnseen) yield break;
        if ((IsOld && Served != OldAnswer) || (IsNew && Served != NewAnswer))
        {
            yield return $"the {(IsOld ? "old" : "new")} configuration is there, and nginx answers {Served}";
        }

        bool Says(string words) => report.Contains(words, StringComparison.Ordinal);
    }
}
