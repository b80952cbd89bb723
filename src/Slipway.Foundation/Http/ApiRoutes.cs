using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Slipway.Foundation.Http;

/// <summary>
/// Maps routes of the native API. A line of a routes table names the record that the body holds, the record that is
/// answered, and the method that makes one of the other, which says by a Description what it is for.
/// </summary>
public sealed class ApiRoutes(IEndpointRouteBuilder app, JsonSerializerContext records)
{
    /// <summary>A route that takes a record and gives one.</summary>
    public ApiRoute Map<TTakes, TGives>(
        string method,
        string pattern,
        Func<ApiCall, TTakes, Task<TGives>> endpoint,
        [CallerArgumentExpression(nameof(endpoint))] string name = ""
    )
    {
        var about = Describe(endpoint, name, typeof(TTakes), typeof(TGives));
        return Add(
            method,
            pattern,
            about,
            async call => await call.AnswerAsync(await endpoint(call, await call.ReadAsync<TTakes>()))
        );
    }

    /// <summary>A route that gives a record for what its address says.</summary>
    public ApiRoute Map<TGives>(
        string method,
        string pattern,
        Func<ApiCall, Task<TGives>> endpoint,
        [CallerArgumentExpression(nameof(endpoint))] string name = ""
    )
    {
        var about = Describe(endpoint, name, null, typeof(TGives));
        return Add(method, pattern, about, async call => await call.AnswerAsync(await endpoint(call)));
    }

    /// <summary>A route that takes a record and has nothing to say.</summary>
    public ApiRoute Map<TTakes>(
        string method,
        string pattern,
        Func<ApiCall, TTakes, Task> endpoint,
        [CallerArgumentExpression(nameof(endpoint))] string name = ""
    )
    {
        var about = Describe(endpoint, name, typeof(TTakes), null);
        return Add(
            method,
            pattern,
            about,
            async call =>
            {
                await endpoint(call, await call.ReadAsync<TTakes>());
                call.AnswerNothing();
            }
        );
    }

    /// <summary>A route that has nothing to say, or writes what is no record.</summary>
    public ApiRoute Map(
        string method,
        string pattern,
        Func<ApiCall, Task> endpoint,
        [CallerArgumentExpression(nameof(endpoint))] string name = ""
    )
    {
        var about = Describe(endpoint, name, null, null);
        return Add(
            method,
            pattern,
            about,
            async call =>
            {
                await endpoint(call);
                call.AnswerNothing();
            }
        );
    }

    private ApiDescription Describe(Delegate endpoint, string name, Type? takes, Type? gives) =>
        new(endpoint.Method, JsonNamingPolicy.CamelCase.ConvertName(name[(name.LastIndexOf('.') + 1)..]), records)
        {
            Takes = takes,
            Gives = gives,
            Statuses = [gives is null ? StatusCodes.Status204NoContent : StatusCodes.Status200OK],
        };

    private ApiRoute Add(string method, string pattern, ApiDescription about, Func<ApiCall, Task> endpoint)
    {
        var route = app.MapMethods(pattern, [method], http => endpoint(new ApiCall(http, about)));
        route.WithMetadata(about);
        return new ApiRoute(route, about);
    }
}

/// <summary>A route as it is declared, for what not every route has.</summary>
public sealed class ApiRoute(IEndpointConventionBuilder route, ApiDescription about) : IEndpointConventionBuilder
{
    /// <summary>Reads these from the query of the address.</summary>
    public ApiRoute Asks(params ApiQuery[] queries)
    {
        about.Queries = queries;
        return this;
    }

    /// <summary>A success has made something: 201.</summary>
    public ApiRoute Creates()
    {
        about.Statuses = [StatusCodes.Status201Created];
        return this;
    }

    /// <summary>A success may have made something, which the endpoint tells by <see cref="ApiCall.Created"/>.</summary>
    public ApiRoute MayCreate()
    {
        about.Statuses = [StatusCodes.Status200OK, StatusCodes.Status201Created];
        return this;
    }

    /// <summary>Answers with the record also where all is not well: 503.</summary>
    public ApiRoute MayBeUnavailable()
    {
        about.Statuses = [StatusCodes.Status200OK, StatusCodes.Status503ServiceUnavailable];
        return this;
    }

    /// <summary>The body is bytes, of any length.</summary>
    public ApiRoute TakesBytes()
    {
        about.TakesMedia = "application/octet-stream";
        return this.TakesUpTo(null);
    }

    /// <summary>Answers with bytes, whole, in parts, or not at all where the caller has them already.</summary>
    public ApiRoute GivesBytes()
    {
        about.GivesMedia = "application/octet-stream";
        about.Statuses =
        [
            StatusCodes.Status200OK,
            StatusCodes.Status206PartialContent,
            StatusCodes.Status304NotModified,
        ];
        return this;
    }

    /// <summary>Answers with a text, whose type says what it is.</summary>
    public ApiRoute GivesText(string media)
    {
        about.GivesMedia = media;
        about.Statuses = [StatusCodes.Status200OK];
        return this;
    }

    /// <summary>Answers with server-sent events, each a record.</summary>
    public ApiRoute GivesEvents<T>()
    {
        about.GivesMedia = "text/event-stream";
        about.Gives = typeof(T);
        about.Statuses = [StatusCodes.Status200OK];
        return this;
    }

    public void Add(Action<EndpointBuilder> convention) => route.Add(convention);

    public void Finally(Action<EndpointBuilder> finallyConvention) => route.Finally(finallyConvention);
}
