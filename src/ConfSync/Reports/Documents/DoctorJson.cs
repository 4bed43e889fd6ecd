using System.Text.Json;
using ConfSync.Runs;

namespace ConfSync.Reports;

/// <summary>What a doctor found, as a JSON document. Pure.</summary>
internal static class DoctorJson
{
    public static string Write(DocumentHead head, Diagnosis diagnosis) => JsonText.Document(head, writer => Write(writer, diagnosis));

    /// <summary>What stands behind the head.</summary>
    public static void Write(Utf8JsonWriter writer, Diagnosis diagnosis)
    {
        writer.Write(
            "counts", new JsonDoctorCounts(
                diagnosis.Nodes.Length, diagnosis.Nodes.Count(node => !node.IsReached), diagnosis.Count(Severity.Error),
                diagnosis.Count(Severity.Warning), diagnosis.Count(Severity.Note)),
            JsonPartsContext.Default.JsonDoctorCounts);
        writer.Write("primary", Of(diagnosis.Primary), JsonPartsContext.Default.JsonDiagnosis);
        writer.WriteAll("nodes", diagnosis.Nodes.Select(Of), JsonPartsContext.Default.JsonDiagnosis);
    }

    private static JsonDiagnosis Of(MachineDiagnosis machine) => new(
        machine.Node?.ToString(), JsonText.Shown(machine.Node?.Address.Host), JsonText.Shown(machine.Node?.Address.User), machine.Node?.Address.Port,
        machine.IsReached, RunNames.Of(machine.Severity), [.. machine.Findings.Select(Of)], JsonText.Seconds(machine.Took));

    private static JsonFinding Of(Finding finding) => new(
        RunNames.Of(finding.Check), RunNames.OfRecord(finding), RunNames.Of(finding.Severity), FindingText.Of(finding), FindingText.Remedy(finding));
}
