using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Memory.Models;

/// <summary>Refuses what is not known when the host starts, and says what is.</summary>
internal sealed class ModelOptionsValidator(IConfiguration configuration) : IValidateOptions<ModelOptions>
{
    public ValidateOptionsResult Validate(string? name, ModelOptions options)
    {
        List<string> wrong =
        [
            .. UnknownSettings(configuration.GetSection(ModelOptions.Section), typeof(ModelOptions)),
            .. UnknownProviders(options),
            .. OutOfRange(options, ModelOptions.Section),
        ];
        if (wrong.Count == 0)
            wrong.AddRange(ModelRole.All.SelectMany(role => WhatBuiltinLacks(options, role)));
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }

    // A misspelt setting would silently leave its default in force.
    private static IEnumerable<string> UnknownSettings(IConfigurationSection section, Type type)
    {
        PropertyInfo[] known = [.. type.GetProperties().Where(property => property.CanWrite)];
        foreach (IConfigurationSection setting in section.GetChildren())
        {
            PropertyInfo? property = known.FirstOrDefault(property => property.Name.Equals(setting.Key, StringComparison.OrdinalIgnoreCase));
            if (property is null)
                yield return $"{setting.Path} is no known setting. Known: {string.Join(", ", known.Select(one => one.Name).Order(StringComparer.Ordinal))}.";
            else if (IsSection(property.PropertyType))
            {
                foreach (string below in UnknownSettings(setting, property.PropertyType))
                    yield return below;
            }
        }
    }

    private static IEnumerable<string> UnknownProviders(ModelOptions options)
    {
        (string Setting, string? Value)[] all =
        [
            ("Provider", options.Provider),
            .. ModelRole.All.Select(role => ($"{SectionOf(role)}:Provider", options.Of(role).Provider)),
        ];
        return all
            .Where(one => one.Value is not null && !ModelProvider.Known.Contains(one.Value))
            .Select(one => $"{ModelOptions.Section}:{one.Setting} is '{one.Value}', which is no known model provider. Known: {string.Join(", ", ModelProvider.Known)}.");
    }

    private static IEnumerable<string> OutOfRange(object options, string path)
    {
        List<ValidationResult> results = [];
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
        foreach (ValidationResult result in results)
            yield return $"{path}: {result.ErrorMessage}";
        foreach (PropertyInfo property in options.GetType().GetProperties().Where(property => IsSection(property.PropertyType)))
        {
            foreach (string below in OutOfRange(property.GetValue(options)!, $"{path}:{property.Name}"))
                yield return below;
        }
    }

    private static IEnumerable<string> WhatBuiltinLacks(ModelOptions options, string role)
    {
        if (options.ProviderOf(role) != ModelProvider.Builtin)
            yield break;
        string known = DefaultModel.Of(ModelProvider.Builtin, role);
        if (options.Of(role).Model is { } model && model != known)
            yield return $"{ModelOptions.Section}:{SectionOf(role)}:Model is '{model}', which the builtin provider does not have. Known: {known}.";
        if (role == ModelRole.Embed && options.Embed.Dimensions != Builtin.HashedEmbeddings.Model.Dimensions)
            yield return $"{ModelOptions.Section}:Embed:Dimensions is {options.Embed.Dimensions}; {known} has {Builtin.HashedEmbeddings.Model.Dimensions}.";
    }

    private static string SectionOf(string role) => char.ToUpperInvariant(role[0]) + role[1..];

    private static bool IsSection(Type type) => type.Namespace == typeof(ModelOptions).Namespace && type.IsClass && !typeof(IEnumerable).IsAssignableFrom(type);
}
