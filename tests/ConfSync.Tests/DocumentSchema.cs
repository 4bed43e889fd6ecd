using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;

namespace ConfSync.Tests;

/// <summary>docs/schema.json, and whether a text is as it says.</summary>
internal static class DocumentSchema
{
    private static readonly EvaluationOptions Options = new() { OutputFormat = OutputFormat.List, RequireFormatValidation = true };

    private static readonly Lazy<JsonSchema> Documents = new(() => JsonSchema.FromText(Root.ToJsonString()));

    /// <summary>As it stands.</summary>
    public static JsonObject Root => JsonNode.Parse(File.ReadAllText(Repository.File("docs/schema.json")))!.AsObject();

    /// <summary>What is wrong with a document; nothing where it is as the schema says.</summary>
    public static IReadOnlyList<string> ProblemsOf(string document)
    {
        using var parsed = JsonDocument.Parse(document);
        // The one that it is meant to be says what is wrong; all of them would say that it is none of the others.
        var name = parsed.RootElement.GetProperty("document").GetString()!["nginx-sync ".Length..];
        return ProblemsOf(document, name is "push" or "rollback" or "settle" ? "run" : name);
    }

    /// <param name="part">The name of a part of the schema.</param>
    public static IReadOnlyList<string> ProblemsOf(string document, string part)
    {
        var root = Root;
        root.Remove("oneOf");
        root["$ref"] = $"#/$defs/{part}";
        using var parsed = JsonDocument.Parse(document);
        return ProblemsOf(JsonSchema.FromText(root.ToJsonString()), parsed.RootElement);
    }

    /// <summary>Whether it is exactly one of the documents.</summary>
    public static bool IsOne(string document)
    {
        using var parsed = JsonDocument.Parse(document);
        return ProblemsOf(Documents.Value, parsed.RootElement).Count == 0;
    }

    private static List<string> ProblemsOf(JsonSchema schema, JsonElement value)
    {
        var result = schema.Evaluate(value, Options);
        return result.IsValid ? [] :
        [
            .. from part in result.Details!.Append(result)
               where part.Errors is not null
               from error in part.Errors!
               select $"{part.InstanceLocation}: {error.Key}: {error.Value}",
        ];
    }
}
