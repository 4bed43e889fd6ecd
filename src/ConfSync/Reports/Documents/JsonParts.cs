using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace ConfSync.Reports;

// The parts of the documents that docs/schema.json describes. Members are named there as here.

internal sealed record JsonProblem(string File, int? Line, string Message, string? MessageCode);

internal sealed record JsonLock(string Path, uint? OtherOwner, int? ProcessId, uint? UserId, string? Program);

internal sealed record JsonPathProblem(string Path, string Code);

internal sealed record JsonRefusal(
    string Code, string Message, string? Words, ImmutableArray<string>? Paths, ImmutableArray<string>? Nodes, ImmutableArray<string>? Runs);

internal sealed record JsonError(string Code, string Message)
{
    public string? MessageCode { get; init; }

    public string? Step { get; init; }

    public string? Fault { get; init; }

    public string? Words { get; init; }

    public string? Configuration { get; init; }

    public JsonLock? Lock { get; init; }

    public JsonRefusal? Refusal { get; init; }

    public ImmutableArray<JsonPathProblem>? Paths { get; init; }

    public ImmutableArray<JsonProblem>? Problems { get; init; }
}

internal sealed record JsonRun(string Id, string Version, string? Began, string? Message, string? Revision);

internal sealed record JsonHeld(string Kind, string? Mode, string Owner, string Group, long? Size, string? Target);

internal sealed record JsonChange(string Path, string Kind, ImmutableArray<string> Differences, JsonHeld? Before, JsonHeld? After);

internal sealed record JsonChangeCounts(int Changed, int Created, int Deleted);

internal sealed record JsonTest(bool InPlace, string? Words, string? NoView);

internal sealed record JsonNginx(int? Master, string Program, string ConfigurationFile);

internal sealed record JsonServiceOutcome(string Name, string Outcome, bool Expected);

internal sealed record JsonServiceState(string Name, string State, bool Expected);

internal sealed record JsonFailure(
    string Step, string Code, string State, string? Words, string? UndoWords, JsonRefusal? Refusal, string Message, string MessageCode)
{
    public string? Service { get; init; }
}

internal sealed record JsonUndo(string Code, string? Node, string? Words);

internal sealed record JsonStatusCounts(int Nodes, int Drifted, int Pending, int NotRunning, int Unfinished, int Errors);

internal sealed record JsonNodeStatus(
    string Node, bool Reached, string State, int? DriftedPaths, string Nginx, JsonServed? Served, string? NginxVersion,
    string? NginxSince, double? ClockDifference, double? ClockPrecision, string? Unfinished, string? Error, double Seconds)
{
    public string? MessageCode { get; init; }

    public ImmutableArray<JsonServiceState>? Services { get; init; }
}

internal sealed record JsonServed(int Generation, string? Run, string? Message, string? Since, double? Age);

internal sealed record JsonDoctorCounts(int Nodes, int NotReached, int Errors, int Warnings, int Notes);

internal sealed record JsonFinding(string Check, string Code, string Severity, string Message, string? Remedy);

internal sealed record JsonDiagnosis(
    string? Node, string? Host, string? User, int? Port, bool Reached, string Severity, ImmutableArray<JsonFinding> Findings, double Seconds);

internal sealed record JsonRoleCounts(int Addresses, int WithoutHolder, int WithSeveralHolders, int Machines, int NotAsked, int Impaired);

internal sealed record JsonHeldAddress(string Instance, string Address, ImmutableArray<string> Holders);

internal sealed record JsonNodeRole(string Node, int? Addresses);

internal sealed record JsonInstance(string Name, string? State, ImmutableArray<string> Addresses)
{
    public bool? Moved { get; init; }
}

internal sealed record JsonMove(string Instance, ImmutableArray<string> Addresses, string From, string To);

internal sealed record JsonMoved(string Action, string Outcome, ImmutableArray<JsonMove> Moves, double? Seconds);

internal sealed record JsonMachineRoles(
    string Name, string? Node, string? Member, bool Reached, string? Keepalived, ImmutableArray<string> Holds, ImmutableArray<JsonInstance> Instances,
    string? Error, double Seconds)
{
    public string? MessageCode { get; init; }

    public bool? Drained { get; init; }
}

internal sealed record JsonPattern(string Variable, string Pattern);

internal sealed record JsonUndid(int Generation, string Who, JsonRun? Run);

internal sealed record JsonNote(string Code, string? Words, string Message);

internal sealed record JsonOutcome(string Node, string Host, string? User, int? Port, string Outcome, string Holds, bool Down)
{
    public string? Reload { get; init; }

    public bool? NginxRuns { get; init; }

    public int? Generation { get; init; }

    public string? Run { get; init; }

    public JsonRun? BackTo { get; init; }

    public ImmutableArray<JsonUndid>? Undid { get; init; }

    public JsonNginx? Nginx { get; init; }

    public ImmutableArray<JsonServiceOutcome>? Services { get; init; }

    public JsonTest? Test { get; init; }

    public JsonChangeCounts? Counts { get; init; }

    public ImmutableArray<JsonChange>? Changes { get; init; }

    public JsonFailure? Failure { get; init; }

    public JsonUndo? Undo { get; init; }

    public ImmutableArray<JsonNote>? Notes { get; init; }
}

internal sealed record JsonEarlier(
    string State, string Time, string Who, string Configuration, ImmutableArray<string> Nodes, ImmutableArray<JsonOutcome>? Results);

internal sealed record JsonGeneration(
    int Number, string? Time, string? Who, JsonRun? Run, int? RolledBackTo, bool Served, int? Count, ImmutableArray<JsonChange>? Changes);

internal sealed record JsonRecordedNode(string Node, string Outcome);

internal sealed record JsonRecordedRun(JsonRun Run, string Who, ImmutableArray<JsonRecordedNode> Nodes);

internal sealed record JsonHistory(
    string Node, string Host, string? User, int? Port, string? Error, string? Unfinished, string? SameAs, ImmutableArray<JsonGeneration> Generations)
{
    public string? MessageCode { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(JsonError))]
[JsonSerializable(typeof(JsonProblem))]
[JsonSerializable(typeof(JsonRun))]
[JsonSerializable(typeof(JsonOutcome))]
[JsonSerializable(typeof(JsonEarlier))]
[JsonSerializable(typeof(JsonHistory))]
[JsonSerializable(typeof(JsonRecordedRun))]
[JsonSerializable(typeof(JsonCounts))]
[JsonSerializable(typeof(JsonStatusCounts))]
[JsonSerializable(typeof(JsonNodeStatus))]
[JsonSerializable(typeof(JsonDoctorCounts))]
[JsonSerializable(typeof(JsonDiagnosis))]
[JsonSerializable(typeof(JsonRoleCounts))]
[JsonSerializable(typeof(JsonHeldAddress))]
[JsonSerializable(typeof(JsonMachineRoles))]
[JsonSerializable(typeof(JsonMoved))]
[JsonSerializable(typeof(JsonNodeRole))]
[JsonSerializable(typeof(JsonPattern))]
[JsonSerializable(typeof(JsonNodeResult))]
internal sealed partial class JsonPartsContext : JsonSerializerContext;
