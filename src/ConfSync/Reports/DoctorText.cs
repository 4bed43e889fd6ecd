using ConfSync.Inventory;
using ConfSync.Runs;

namespace ConfSync.Reports;

/// <summary>What a doctor found, for people: a machine after the other, a check a line, each with its remedy below. Pure but for the
/// zone of this machine's clock.</summary>
internal static class DoctorText
{
    private const string Indent = "      ";

    private static readonly int Width = Enum.GetValues<DoctorCheck>().Max(check => RunNames.Of(check).Length);

    /// <param name="quiet">Only warnings and errors, and nothing if there are none.</param>
    public static IEnumerable<string> Lines(Diagnosis diagnosis, bool quiet)
    {
        if (quiet && diagnosis.Severity < Severity.Warning) yield break;
        foreach (var machine in diagnosis.Machines.Where(machine => !quiet || machine.Severity >= Severity.Warning))
        {
            yield return $" * {machine.Node?.ToString() ?? "This primary"}: {Verdict(machine)}\n";
            foreach (var finding in machine.Findings.Where(finding => !quiet || finding.Severity >= Severity.Warning))
            {
                foreach (var line in Lines(finding)) yield return line;
            }
            yield return "";
        }
        yield return Total(diagnosis);
    }

    /// <summary>A finding on a node that a push has failed on, with its remedy below it.</summary>
    public static string Line(Node node, Finding finding) =>
        $"nginx-sync: {node}: {FindingText.Of(finding).Replace("\n", "\n    ", StringComparison.Ordinal)}{(FindingText.Remedy(finding) is { } remedy ? $"\n  {remedy}" : "")}";

    /// <summary>How it all is, in one line.</summary>
    public static string Total(Diagnosis diagnosis)
    {
        var (errors, warnings) = (diagnosis.Count(Severity.Error), diagnosis.Count(Severity.Warning));
        var looked = $"This primary and {CompareText.Number(diagnosis.Nodes.Length, "node")} looked at";
        var missed = diagnosis.Nodes.Count(node => !node.IsReached);
        var unreached = missed == 0 ? "" : $"; {CompareText.Number(missed, "node")} not reached";
        return errors + warnings == 0
            ? $"{looked}: all is well."
            : $"{looked}: {CompareText.Number(errors, "error")}, {CompareText.Number(warnings, "warning")}{unreached}.";
    }

    private static string Verdict(MachineDiagnosis machine)
    {
        var (errors, warnings) = (Count(machine, Severity.Error), Count(machine, Severity.Warning));
        return (errors, warnings) switch
        {
            (0, 0) => "all is well",
            (0, _) => CompareText.Number(warnings, "warning"),
            (_, 0) => CompareText.Number(errors, "error"),
            _ => $"{CompareText.Number(errors, "error")}, {CompareText.Number(warnings, "warning")}",
        };
    }

    private static int Count(MachineDiagnosis machine, Severity severity) => machine.Findings.Count(finding => finding.Severity == severity);

    private static IEnumerable<string> Lines(Finding finding)
    {
        var lines = FindingText.Of(finding).Split('\n');
        yield return $"{Word(finding.Severity)}  {RunNames.Of(finding.Check).PadRight(Width)}  {lines[0]}";
        foreach (var line in lines[1..]) yield return $"{Indent}{"".PadRight(Width)}  {line}";
        if (FindingText.Remedy(finding) is not { } remedy) yield break;
        foreach (var line in remedy.Split('\n')) yield return $"{Indent}{"".PadRight(Width)}  > {line}";
    }

    private static string Word(Severity severity) => severity switch
    {
        Severity.Ok => "ok  ",
        Severity.Note => "note",
        Severity.Warning => "WARN",
        _ => "FAIL",
    };
}
