import { Controller, DefaultValuePipe, Get, Param, ParseIntPipe, Query } from '@nestjs/common';
import { AirportsService } from './airports.service.js';

@Controller('airports')
export class AirportsController {
  constructor(private readonly airports: AirportsService) {}

  @Get()
  list(@Query('page', new DefaultValuePipe(1), ParseIntPipe) page: number) {
    return this.airports.page(page);
  }

  @Get(':iata')
  overview(@Param('iata') iata: string) {
    return this.airports.overview(iata);
  }

  @Get(':iata/departures')
  departures(@Param('iata') iata: string) {
    return this.airports.departures(iata);
  }
}
