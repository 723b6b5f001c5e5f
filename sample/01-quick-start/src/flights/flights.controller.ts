import { Controller, DefaultValuePipe, Get, Param, ParseIntPipe, Query } from '@nestjs/common';
import { FlightsService } from './flights.service.js';

@Controller('flights')
export class FlightsController {
  constructor(private readonly flights: FlightsService) {}

  @Get()
  search(
    @Query('from') from: string,
    @Query('minDelay', new DefaultValuePipe(0), ParseIntPipe) minDelay: number,
  ) {
    return this.flights.search(from, minDelay);
  }

  @Get('delayed')
  delayed() {
    return this.flights.mostDelayed();
  }

  @Get('status')
  status(@Query('ids') ids: string) {
    return this.flights.statuses(ids.split(',').map(Number));
  }

  @Get('export')
  export() {
    return this.flights.export();
  }

  @Get(':id')
  async detail(@Param('id', ParseIntPipe) id: number) {
    const flight = await this.flights.findOne(id);
    const arrivesAt = await this.flights.estimatedArrival(id);
    return { flight, arrivesAt };
  }
}
